"""A careful aio-pika worker: what has arrived is committed together, then acknowledged with one ack.

  aio_pika_stock.py --url amqp://... --queue Q --count N --database FILE
"""

import argparse
import asyncio
import json
import time

import aio_pika

import stock_table


async def work(arguments):
    database = stock_table.connect(arguments.database)
    connection = await aio_pika.connect(arguments.url)
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=1000)
    queue = await channel.get_queue(arguments.queue, ensure=False)
    arrived = asyncio.Queue()
    await queue.consume(arrived.put)
    done, started = 0, None
    while done < arguments.count:
        group = [await arrived.get()]
        started = started or time.monotonic()
        while len(group) < 500 and not arrived.empty():
            group.append(arrived.get_nowait())
        database.execute("BEGIN IMMEDIATE")
        for delivery in group:
            stock_table.apply(database, json.loads(delivery.body))
        database.execute("COMMIT")
        await group[-1].ack(multiple=True)
        done += len(group)
    wall = time.monotonic() - started
    await connection.close()
    stock_table.report("aio-pika", done, wall)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
for name in ("--url", "--queue", "--database"):
    parser.add_argument(name, required=True)
parser.add_argument("--count", type=int, required=True)
asyncio.run(work(parser.parse_args()))
