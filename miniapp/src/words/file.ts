// Files in and out: a browser downloads and asks with its own window, WeChat passes files through chats.

/** The longest file that is taken. Bytes. */
export const LONGEST = 5 * 1024 * 1024

/** Names of files may hold no more than this everywhere. */
export function fileName(name: string): string {
  return name.replace(/[\\/:*?"<>|\s]+/g, '-')
}

/** Hands something to the person as a file: a download on the web; WeChat opens its own sheet for passing a file on. */
export function saveFile(name: string, content: ArrayBuffer | string, type = ''): Promise<void> {
  // #ifdef H5
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content], { type }))
  link.download = fileName(name)
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  return Promise.resolve()
  // #endif
  // #ifdef MP-WEIXIN
  return new Promise((resolve, reject) => {
    const path = `${wx.env.USER_DATA_PATH}/${fileName(name)}`
    wx.getFileSystemManager().writeFile({
      filePath: path,
      data: content,
      encoding: typeof content === 'string' ? 'utf8' : undefined,
      success: () => wx.shareFileMessage({ filePath: path, fileName: fileName(name), success: () => resolve(), fail: () => resolve() }),
      fail: (reason) => reject(new Error(reason.errMsg)),
    })
  })
  // #endif
}

export interface PickedFile {
  name: string
  bytes: ArrayBuffer
}

/** Lets the person choose one file; nothing when they choose none. */
export function pickFile(extensions: string[]): Promise<PickedFile | undefined> {
  // #ifdef H5
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = extensions.join(',')
    input.addEventListener('change', () => {
      const file = input.files?.[0]
      if (file) void file.arrayBuffer().then((bytes) => resolve({ name: file.name, bytes }))
      else resolve(undefined)
    })
    input.addEventListener('cancel', () => resolve(undefined))
    input.click()
  })
  // #endif
  // #ifdef MP-WEIXIN
  return new Promise((resolve, reject) => {
    wx.chooseMessageFile({
      count: 1,
      type: 'file',
      extension: extensions.map((extension) => extension.replace('.', '')),
      success: ({ tempFiles: [file] }) => {
        if (!file) return resolve(undefined)
        wx.getFileSystemManager().readFile({
          filePath: file.path,
          success: ({ data }) => resolve({ name: file.name, bytes: data as ArrayBuffer }),
          fail: (reason) => reject(new Error(reason.errMsg)),
        })
      },
      fail: () => resolve(undefined),
    })
  })
  // #endif
}
