/// <reference types="vite/client" />

declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}

interface ImportMetaEnv {
  /** Address of the Linli server, without a slash at the end. The web page is served by the server itself and leaves it empty. */
  readonly VITE_API_BASE?: string
  /** `off` leaves WeChat's phone button out: for accounts that are not verified. */
  readonly VITE_WECHAT_PHONE?: string
}
