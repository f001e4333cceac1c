"""Independent programs that the clients of linli-edge are tested against.

peer.py sms         sends one text message with the provider's own library
peer.py push-seal   seals a message with wechatpy
peer.py push-open   opens a sealed message with wechatpy

Each reads one JSON object from standard input and writes one to standard output.
"""

import json
import sys


def sms(ask):
    from alibabacloud_dysmsapi20170525.client import Client
    from alibabacloud_dysmsapi20170525.models import SendSmsRequest
    from alibabacloud_tea_openapi.models import Config

    client = Client(
        Config(
            access_key_id=ask["key_id"],
            access_key_secret=ask["key_secret"],
            endpoint=ask["endpoint"],
            protocol="http",
        )
    )
    request = SendSmsRequest(
        phone_numbers=ask["phone"],
        sign_name=ask["sign_name"],
        template_code=ask["template"],
        template_param=json.dumps(ask["params"], ensure_ascii=False),
        out_id=ask["out_id"],
    )
    try:
        body = client.send_sms(request).body
    except Exception as error:
        return {"code": getattr(error, "code", None) or repr(error)}
    return {"code": body.code, "biz_id": body.biz_id}


def crypto(ask):
    from wechatpy.crypto import WeChatCrypto

    return WeChatCrypto(ask["token"], ask["key"], ask["app_id"])


def push_seal(ask):
    import xmltodict

    sealed = crypto(ask).encrypt_message(ask["message"], ask["nonce"], ask["timestamp"])
    parts = xmltodict.parse(sealed)["xml"]
    return {"encrypt": parts["Encrypt"], "signature": parts["MsgSignature"]}


def push_open(ask):
    message = crypto(ask).decrypt_message(
        {"Encrypt": ask["encrypt"]}, ask["signature"], ask["timestamp"], ask["nonce"]
    )
    return {"message": message if isinstance(message, str) else message.decode("utf-8")}


if __name__ == "__main__":
    work = {"sms": sms, "push-seal": push_seal, "push-open": push_open}[sys.argv[1]]
    json.dump(work(json.load(sys.stdin)), sys.stdout)
