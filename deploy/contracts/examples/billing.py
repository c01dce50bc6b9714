"""The billing side of the contract in small: sends recharges, executes credit commands once each, and answers them.

    billing.py recharge NUMBER FEN      publishes a recharge that was booked now
    billing.py settle                   executes and answers commands until Ctrl-C; --once: until there are no more

It needs confluent-kafka (Debian: python3-confluent-kafka) and goes by KAFKA_BOOTSTRAP_SERVERS and TOPICS_PREFIX.
"""

import json
import os
import sqlite3
import sys
import uuid
from datetime import datetime, timezone

from confluent_kafka import Consumer, KafkaError, Producer

BROKERS = {"bootstrap.servers": os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092")}
PREFIX = os.environ.get("TOPICS_PREFIX", "")


def event(type, subject, data):
    """A CloudEvent. Its id and time stay the same however often it is published."""
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "/billing",
        "type": type,
        "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
        "subject": subject,
        "data": data,
    }


def publish(producer, topic, message):
    """Publishes to the subject's partition and waits for the brokers' word."""
    failures = []
    producer.produce(
        PREFIX + topic, key=message["subject"], value=json.dumps(message, ensure_ascii=False),
        on_delivery=lambda error, _: failures.append(error) if error else None)
    if producer.flush(30) > 0 or failures:
        sys.exit(f"not published: {failures or 'no answer within 30 s'}")


def producer():
    # Java's partitioner, so that one subscriber's events stand in one partition; idempotent, so that retries keep order.
    return Producer(BROKERS | {"partitioner": "murmur2_random", "enable.idempotence": True})


def database():
    """Balances, and the answer to each executed command, which lives as long as the campaign's topics."""
    store = sqlite3.connect("billing.db")
    store.execute("CREATE TABLE IF NOT EXISTS balance (number TEXT PRIMARY KEY, fen INTEGER NOT NULL)")
    store.execute("CREATE TABLE IF NOT EXISTS executed (source TEXT, id TEXT, receipt TEXT, PRIMARY KEY (source, id))")
    return store


def answer(store, command):
    """Executes a command, unless it was executed before, and returns its receipt."""
    data = command["data"]
    with store:  # money and id in one transaction
        known = find(store, command["source"], command["id"])
        if known:
            return json.loads(known)  # a copy gets the first answer again
        receipt = event("credit.settled.v1", command["subject"], {
            "commandId": command["id"], "outcome": "credited", "creditedFen": data["totalFen"]})
        if command["type"] == "credit.grant.v1":
            change = data["totalFen"]
        elif find(store, command["source"], data["reverses"]):
            change = -data["totalFen"]
        else:
            receipt["data"] |= {"outcome": "rejected", "creditedFen": 0, "reason": "NO_GRANT"}
            return receipt  # a refusal does not use the id up
        store.execute(
            "INSERT INTO balance VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET fen = fen + excluded.fen",
            (command["subject"], change))
        store.execute(
            "INSERT INTO executed VALUES (?, ?, ?)", (command["source"], command["id"], json.dumps(receipt)))
        return receipt


def find(store, source, id):
    row = store.execute("SELECT receipt FROM executed WHERE source = ? AND id = ?", (source, id)).fetchone()
    return row and row[0]


def settle(is_once):
    store, answers = database(), producer()
    # read_committed: what an aborted transaction wrote was never commanded.
    commands = Consumer(BROKERS | {
        "group.id": "billing", "isolation.level": "read_committed", "auto.offset.reset": "earliest",
        "enable.auto.commit": False, "enable.partition.eof": True})
    commands.subscribe([PREFIX + "bonus-credits"])
    at_end = set()
    while not is_once or not at_end or len(at_end) < len(commands.assignment()):
        record = commands.poll(1)
        if record is None:
            continue
        if record.error():
            if record.error().code() != KafkaError._PARTITION_EOF:
                sys.exit(record.error())
            at_end.add(record.partition())
            continue
        command = json.loads(record.value())
        if command["type"] in ("credit.grant.v1", "credit.reverse.v1"):  # pass over what may come one day
            receipt = answer(store, command)
            publish(answers, "credit-receipts", receipt)
            print(command["id"], receipt["data"]["outcome"], receipt["data"]["creditedFen"], flush=True)
        # After the answer: a crash before this repeats the command, and so the answer.
        commands.commit(record, asynchronous=False)
    commands.close()


match sys.argv[1:]:
    case ["recharge", number, fen]:
        message = event("recharge.completed.v1", number, {"amountFen": int(fen), "channel": "app"})
        publish(producer(), "recharge-events", message)
        print(message["id"])
    case ["settle", *rest] if rest in ([], ["--once"]):
        settle(bool(rest))
    case _:
        sys.exit(__doc__)
