"""moto's S3 server, which checks every signature with Amazon's own library (botocore).

Makes a user with a key and a bucket, writes where it listens and the key to standard output as one line of JSON, and ends
when standard input does. What it is asked before the fifth request is not checked: that is how the user is made.
"""

import json
import os
import sys

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "4"

import boto3  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = f"http://{host}:{port}"
first = {"endpoint_url": url, "region_name": "us-east-1", "aws_access_key_id": "a", "aws_secret_access_key": "b"}
iam = boto3.client("iam", **first)
iam.create_user(UserName="linli")
key = iam.create_access_key(UserName="linli")["AccessKey"]
everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
iam.put_user_policy(UserName="linli", PolicyName="files", PolicyDocument=json.dumps(everything))
boto3.client("s3", **first).create_bucket(Bucket="linli-files")
print(json.dumps({"url": url, "key_id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}), flush=True)
sys.stdin.read()
server.stop()
