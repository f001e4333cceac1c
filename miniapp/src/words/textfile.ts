/** Hands a text to the person as a file: a download on the web; WeChat opens its own sheet for passing a file on. */
export function saveFile(name: string, text: string, type = 'application/json'): Promise<void> {
  // #ifdef H5
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  return Promise.resolve()
  // #endif
  // #ifdef MP-WEIXIN
  return new Promise((resolve, reject) => {
    const path = `${wx.env.USER_DATA_PATH}/${name}`
    wx.getFileSystemManager().writeFile({
      filePath: path,
      data: text,
      encoding: 'utf8',
      success: () => wx.shareFileMessage({ filePath: path, fileName: name, success: () => resolve(), fail: () => resolve() }),
      fail: (reason) => reject(new Error(reason.errMsg)),
    })
  })
  // #endif
}
