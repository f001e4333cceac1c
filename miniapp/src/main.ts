import { createPinia } from 'pinia'
import { createSSRApp } from 'vue'
import App from './App.vue'
// #ifdef H5
import PageLost from './components/PageLost.vue'
// #endif

/** The application, as the platform's build asks for it. */
export function createApp() {
  const app = createSSRApp(App)
  app.use(createPinia())
  // #ifdef H5
  // The framework's own words for a page that did not come are Chinese only and leave no way back.
  app.component('AsyncError', PageLost)
  // #endif
  return { app }
}
