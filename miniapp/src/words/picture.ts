/** Lets the person take or choose at most so many pictures; nothing when they choose none. */
export function takePictures(most: number): Promise<ArrayBuffer[]> {
  return new Promise((resolve) => {
    // #ifdef MP-WEIXIN
    wx.chooseMedia({
      count: most,
      mediaType: ['image'],
      sizeType: ['compressed'],
      success: ({ tempFiles }) => void Promise.all(tempFiles.map(({ tempFilePath }) => bytesOf({ path: tempFilePath }))).then(resolve, () => resolve([])),
      fail: () => resolve([]),
    })
    // #endif
    // #ifndef MP-WEIXIN
    uni.chooseImage({
      count: most,
      sizeType: ['compressed'],
      success: ({ tempFiles }) => {
        const files = (Array.isArray(tempFiles) ? tempFiles : [tempFiles]).slice(0, most)
        void Promise.all(files.map((file) => bytesOf(file))).then(
          (all) => resolve(all),
          () => resolve([]),
        )
      },
      fail: () => resolve([]),
    })
    // #endif
  })
}

// #ifdef H5
/** Smaller files are sent as they are. Bytes. */
const LARGE = 1024 * 1024
/** The server keeps no more pixels a side than this. */
const SIDE = 2048

/** A large picture made smaller before it is sent, as WeChat does by itself; what this browser cannot read is sent as it is. */
async function smaller(file: File): Promise<Blob> {
  if (file.size <= LARGE) return file
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height))
    const sheet = document.createElement('canvas')
    sheet.width = Math.round(picture.width * scale)
    sheet.height = Math.round(picture.height * scale)
    sheet.getContext('2d')?.drawImage(picture, 0, 0, sheet.width, sheet.height)
    picture.close()
    const made = await new Promise<Blob | null>((resolve) => sheet.toBlob(resolve, 'image/jpeg', 0.85))
    return made && made.size < file.size ? made : file
  } catch {
    return file
  }
}
// #endif

function bytesOf(file: unknown): Promise<ArrayBuffer> {
  // #ifdef H5
  return smaller(file as File).then((sent) => sent.arrayBuffer())
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().readFile({
      filePath: (file as { path: string }).path,
      success: ({ data }) => resolve(data as ArrayBuffer),
      fail: (reason) => reject(new Error(reason.errMsg)),
    })
  })
  // #endif
}
