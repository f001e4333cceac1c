#!/usr/bin/env bash
# make miniprogram: the folder that is uploaded to WeChat, compiled by Tencent's compiler, with its sizes.
# VITE_API_BASE is the server's address, LINLI_WECHAT_APPID the id of the mini-program's account.
. "$(dirname "$0")/lib.sh"

folder=miniapp/dist/build/mp-weixin
example=https://linli.example.org
if [ -z "${VITE_API_BASE:-}" ]; then
  export VITE_API_BASE=$example
  say "VITE_API_BASE is not set: this build asks the example address $example, and is good for looking at only"
fi
case $VITE_API_BASE in
  https://*[^/]) ;;
  *) die "VITE_API_BASE must begin with https:// and end without a slash: WeChat lets a mini-program ask nobody else" ;;
esac
appid=${LINLI_WECHAT_APPID:-}
if [ -n "$appid" ] && ! [[ $appid =~ ^wx[0-9a-f]{16}$ ]]; then die "LINLI_WECHAT_APPID is no id of a mini-program: wx and 16 digits or letters a to f"; fi

npm_packages miniapp
npm --prefix miniapp run --silent build:mp
if [ -n "$appid" ]; then
  sed -i.before "s/\"appid\": *\"[^\"]*\"/\"appid\": \"$appid\"/" "$folder/project.config.json"
  rm "$folder/project.config.json.before"
else
  say "LINLI_WECHAT_APPID is not set: the folder can be looked at in WeChat's tools as a guest, and not be uploaded"
fi
npm --prefix miniapp run --silent check:mp
say "asks: $VITE_API_BASE"
say "upload: $PWD/$folder (what comes before and after it: docs/launch.md)"
