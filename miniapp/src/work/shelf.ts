// Pictures that wait to be sent: too large for the small memory, so they lie in the browser's database or in a file.

// #ifdef H5
const STORE = 'pictures'
function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open('linli', 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE)
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error ?? new Error('indexedDB'))
  })
}
async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opened = await database()
  try {
    return await new Promise<T>((resolve, reject) => {
      const asked = work(opened.transaction(STORE, mode).objectStore(STORE))
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = () => reject(asked.error ?? new Error('indexedDB'))
    })
  } finally {
    opened.close()
  }
}
// #endif

// #ifdef MP-WEIXIN
const fileOf = (key: string) => `${wx.env.USER_DATA_PATH}/unsent-${key}`
function filed<T>(work: (done: { success: (answer: T) => void; fail: (reason: { errMsg: string }) => void }) => void): Promise<T> {
  return new Promise((resolve, reject) => work({ success: resolve, fail: ({ errMsg }) => reject(new Error(errMsg)) }))
}
// #endif

export async function putPicture(key: string, bytes: ArrayBuffer): Promise<void> {
  // #ifdef H5
  await within('readwrite', (store) => store.put(bytes, key))
  // #endif
  // #ifdef MP-WEIXIN
  await filed((done) => wx.getFileSystemManager().writeFile({ filePath: fileOf(key), data: bytes, ...done }))
  // #endif
}

export async function getPicture(key: string): Promise<ArrayBuffer | undefined> {
  let found: unknown
  // #ifdef H5
  found = await within('readonly', (store) => store.get(key) as IDBRequest<unknown>)
  // #endif
  // #ifdef MP-WEIXIN
  found = await filed<{ data: unknown }>((done) => wx.getFileSystemManager().readFile({ filePath: fileOf(key), ...done })).then(
    ({ data }) => data,
    () => undefined,
  )
  // #endif
  return found instanceof ArrayBuffer ? found : undefined
}

export async function dropPicture(key: string): Promise<void> {
  // #ifdef H5
  await within('readwrite', (store) => store.delete(key))
  // #endif
  // #ifdef MP-WEIXIN
  await filed((done) => wx.getFileSystemManager().unlink({ filePath: fileOf(key), ...done })).catch(() => undefined)
  // #endif
}
