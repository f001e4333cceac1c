/** Lets the person take or choose at most so many pictures; nothing when they choose none. */
export function takePictures(most: number): Promise<ArrayBuffer[]> {
  return new Promise((resolve) => {
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
  })
}

function bytesOf(file: unknown): Promise<ArrayBuffer> {
  // #ifdef H5
  return (file as File).arrayBuffer()
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
