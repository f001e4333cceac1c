import { house } from '../support/house.mjs'
import { residents } from './residents.mjs'

residents(house().story)
