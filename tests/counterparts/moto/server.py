# Moto's server on 127.0.0.1 with a queue, and two users of it: one that puts messages in, and one with the rights that the
# gateway needs and no other. From then on each request has to be signed by a user who may do it. Each line that is said to it
# is put in; `count` alone is answered with how many messages there are, given or not.
import json
import os
import sys

SETTING_UP = 7
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = str(SETTING_UP)

import boto3
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

REGION = "eu-west-1"
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
address = "http://%s:%d" % server.get_host_and_port()


def client(service, key, secret):
    return boto3.client(
        service,
        endpoint_url=address,
        region_name=REGION,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
    )


def user(iam, name, actions):
    iam.create_user(UserName=name)
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}],
    }
    iam.put_user_policy(UserName=name, PolicyName="queue", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


iam = client("iam", "setup", "setup")
reader = user(iam, "reader", ["sqs:ReceiveMessage", "sqs:DeleteMessage"])
owner = user(iam, "owner", ["sqs:*"])
url = client("sqs", "setup", "setup").create_queue(QueueName="orders")["QueueUrl"]
queue = client("sqs", *owner)
# That rights are looked at is a part of what is tried.
try:
    client("sqs", *reader).send_message(QueueUrl=url, MessageBody="{}")
    sys.exit("the reader may put messages in")
except ClientError:
    pass
print("ready", url, *reader, flush=True)
for line in sys.stdin:
    if line.strip() != "count":
        queue.send_message(QueueUrl=url, MessageBody=line)
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = queue.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    print("queued", sum(int(found[name]) for name in names), flush=True)
