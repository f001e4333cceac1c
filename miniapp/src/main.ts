import { createPinia } from 'pinia'
import { createSSRApp } from 'vue'
import App from './App.vue'

/** The application, as the platform's build asks for it. */
export function createApp() {
  const app = createSSRApp(App)
  app.use(createPinia())
  return { app }
}
