"""A Celery worker as its guide has it: a task for each message, acknowledged late, a transaction for each task.

  celery_stock.py --url amqp://... --count N --database FILE     publishes N tasks, then measures a worker of 2 processes
"""

import argparse
import datetime
import os
import signal
import subprocess
import sys
import time

import celery
import kombu

import stock_table

QUEUE = "rival.celery.stock"
app = celery.Celery("celery_stock", broker=os.environ.get("RIVAL_URL", "amqp://"))
app.conf.update(
    task_acks_late=True,
    task_ignore_result=True,
    task_default_queue=QUEUE,
    task_default_queue_type="quorum",
    task_queues=[kombu.Queue(QUEUE, kombu.Exchange(QUEUE), QUEUE, queue_arguments={"x-queue-type": "quorum"})],
    worker_detect_quorum_queues=True,
)
database = None


@app.task
def project(message):
    global database
    database = database or stock_table.connect(os.environ["RIVAL_DATABASE"])
    database.execute("BEGIN IMMEDIATE")
    stock_table.apply(database, message)
    database.execute("COMMIT")


def message(index):
    subject = f"SKU-{index // 3}/{('TAC', 'DAL', 'EWR')[index % 3]}"
    sku, warehouse = subject.split("/")
    return {
        "specversion": "1.0", "id": f"m-{index}", "source": "urn:bench:erp", "type": "stock.v1", "subject": subject,
        "time": datetime.datetime.now(datetime.timezone.utc).isoformat(), "revision": 1,
        "data": {
            "sku": sku, "warehouse": warehouse, "revision": 1, "unit": "C62", "onHand": "1200", "reserved": "250",
            "incoming": [{"quantity": "5000", "date": "2026-03-16"}], "leadTimeDays": 9,
        },
    }


def measure(arguments):
    with app.connection_for_write() as connection:
        connection.default_channel.queue_delete(QUEUE)
    for index in range(arguments.count):
        project.delay(message(index))
    started = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "celery_stock", "worker", "--concurrency", "2", "--loglevel", "ERROR"],
        cwd=os.path.dirname(os.path.abspath(__file__)), stdout=subprocess.DEVNULL)
    watched, deadline = stock_table.connect(arguments.database), time.monotonic() + 300
    while watched.execute("SELECT count(*) FROM journal").fetchone()[0] < arguments.count:
        if time.monotonic() > deadline or started.poll() is not None:
            started.kill()
            sys.exit("celery_stock.py: the worker did not finish")
        time.sleep(0.05)
    first, last = watched.execute("SELECT min(at), max(at) FROM journal").fetchone()
    started.send_signal(signal.SIGTERM)
    started.wait(timeout=60)
    stock_table.report("celery", arguments.count, (last - first) / 1e6, children=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--url", "--database"):
        parser.add_argument(name, required=True)
    parser.add_argument("--count", type=int, required=True)
    options = parser.parse_args()
    # The worker that is started reads them from its environment.
    os.environ["RIVAL_URL"] = options.url + "/" if options.url.count("/") == 2 else options.url
    os.environ["RIVAL_DATABASE"] = options.database
    app.conf.broker_url = os.environ["RIVAL_URL"]
    measure(options)
