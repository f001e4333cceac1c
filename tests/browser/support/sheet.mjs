// All pictures on one sheet, a page in a row.
const escape = (words) => words.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`)

const picture = ({ file, mode, size }) =>
  `<figure><a href="${escape(file)}"><img class="${size}" loading="lazy" src="${escape(file)}" alt="${escape(file)}"></a><figcaption>${mode} ${size}</figcaption></figure>`

const row = ({ who, name, path, pictures }) =>
  `<section><h2>${escape(`${who} · ${name}`)} <small>${escape(path.split('?')[0])}</small></h2><div>${pictures.map(picture).join('')}</div></section>`

export const sheet = (taken) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Linli: every page</title>
<style>
  body { font: 15px system-ui; margin: 16px; background: #f7f8f7; color: #1f2937 }
  h2 { font-size: 17px } small { color: #4b5563; font-weight: normal }
  div { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start }
  figure { margin: 0 } figcaption { color: #4b5563 }
  img { border: 1px solid #d1d5db } .phone { width: 240px } .wide { width: 600px }
</style>
${taken.map(row).join('\n')}
</html>
`
