import { describe, expect, it } from 'vitest'
import type { AbilityScale } from '@/api/types'
import '@/i18n/homecare'
import { assessmentOf, sumOf, unscored, type AssessForm } from '@/homecare/assessing'
import { contactsForm, contactsOf, earlier, healthForm, healthOf, missingContact, newContact, saltOf, turned } from '@/homecare/part'
import { contactsWrong, healthWrong } from '@/homecare/wrong'

const daughter = { name: '小梅', relation: '女儿', phone: '19900000055', hours: '' }

describe('whom to call', () => {
  it('begins with one empty row, and leaves out what stays empty', () => {
    const form = contactsForm({ contacts: [], wishes: '' })
    expect(form.contacts).toEqual([newContact()])
    expect(contactsOf({ ...form, contacts: [{ ...daughter, name: ' 小梅 ' }, newContact()] })).toEqual({ contacts: [daughter], key_holder: undefined, wishes: '' })
  })
  it('wants a number of whoever has a name, and names the row', () => {
    expect(missingContact({ ...contactsForm(), contacts: [daughter, { ...daughter, phone: ' ' }] })).toEqual({ index: 1, field: 'phone' })
    expect(contactsWrong({ ...contactsForm(), contacts: [{ ...daughter, relation: '' }] })).toEqual({ '0.relation': '请写关系' })
    expect(contactsWrong({ ...contactsForm(), key: { name: '', phone: '19900000056', note: '' } })).toEqual({ 'key.name': '请写姓名' })
    expect(contactsWrong(contactsForm())).toEqual({})
  })
  it('puts somebody one place earlier', () => {
    expect(earlier(['a', 'b', 'c'], 2)).toEqual(['a', 'c', 'b'])
    expect(earlier(['a', 'b'], 0)).toEqual(['a', 'b'])
  })
  it('does not change what it was made from', () => {
    const part = { contacts: [daughter], wishes: '' }
    contactsForm(part).contacts[0]!.name = '别人'
    expect(part.contacts[0]!.name).toBe('小梅')
  })
})

describe('health and diet', () => {
  const part = {
    allergies: ['peanuts' as const], other_allergies: ['芒果'], refuses: ['pork', '折耳根'], texture: 'soft' as const, most_salt_mg: 2000,
    low_sugar: true, halal: false, vegetarian: false, conditions: ['高血压', '二型糖尿病'], medicines: [], mobility: '拄拐',
  }
  it('comes back as it went in', () => {
    expect(healthOf(healthForm(part))).toEqual({ ...part, doctor: undefined })
    expect(healthForm(part)).toMatchObject({ refused: ['pork'], refuses: '折耳根', conditions: '高血压\n二型糖尿病', salt: '2000' })
  })
  it('takes a line for each, without empty ones', () => {
    expect(healthOf({ ...healthForm(), medicines: ' 华法林 \n\n 二甲双胍' }).medicines).toEqual(['华法林', '二甲双胍'])
  })
  it('knows salt that is no number of a meal', () => {
    expect([saltOf(''), saltOf(' 1500 '), saltOf('0'), saltOf('20001'), saltOf('少')]).toEqual([undefined, 1500, 0, 'wrong', 'wrong'])
    expect(healthWrong({ ...healthForm(), salt: '少', doctor: { name: '陈', phone: '', note: '' } })).toEqual({ salt: '请写 0 到 20000 的数字', 'doctor.phone': '请写电话' })
  })
  it('turns things on and off', () => {
    expect(turned(turned(['a'], 'b'), 'a')).toEqual(['b'])
  })
})

describe('an assessment of ability', () => {
  const item = (key: string, max: number) => ({ key, max, name: { zh: key, en: key } })
  const scale: AbilityScale = { domains: [{ name: { zh: '自理', en: 'self' }, items: [item('eating', 4), item('bathing', 4)] }, { name: { zh: '社会', en: 'society' }, items: [item('company', 2)] }] }
  const form: AssessForm = { day: '', place: ' 家中 ', first: '甲', first_paper: 'A1', second: '乙', second_paper: 'A2', coma: false, dementia: false, disorder: false, points: { eating: 4, company: 0 }, events: [] }
  it('tells what has no points yet: none is a number of points', () => {
    expect(unscored(scale, form.points).map(({ key }) => key)).toEqual(['bathing'])
    expect(sumOf(scale, { ...form.points, bathing: 3 })).toBe(7)
  })
  it('says every item and the sum, and neither in a coma', () => {
    const scored = assessmentOf(scale, { ...form, points: { ...form.points, bathing: 3 } }, '2026-11-24', [])
    expect(scored).toMatchObject({ place: '家中', score: 7, scores: [{ item: 'eating', points: 4 }, { item: 'bathing', points: 3 }, { item: 'company', points: 0 }] })
    expect(assessmentOf(scale, { ...form, coma: true }, '2026-11-24', [])).toMatchObject({ scores: [], score: undefined, coma: true })
  })
})
