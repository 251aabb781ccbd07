// Publishes orders straight to the broker, each persistent, mandatory and confirmed.
//
//   stevedore contracts example order.placed.v1 >order.json
//   npm install && AMQP_URL=amqp://guest:guest@127.0.0.1:7672/ node publish_order.mjs placed order.json
//
// Accepted is what the broker has confirmed, and nothing else. A shop that can end between writing an order down and
// having it confirmed needs a table from which it publishes again: that is the outbox (order_outbox.mjs).

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import amqp from "amqplib";

const EXCHANGE = "commerce";
const EVENTS = ["placed", "amended", "cancelled"];
const CONFIRM_TIMEOUT = 10_000;
const PATIENCE = 60_000;

/** Trying again does not help before a person has mended something. */
class Refused extends Error {}

async function main([event, ...files]) {
  if (!EVENTS.includes(event) || files.length === 0) {
    console.error(`usage: node publish_order.mjs ${EVENTS.join("|")} ORDER.json ...`);
    return 64;
  }
  const broker = new Broker(process.env.AMQP_URL ?? "amqp://guest:guest@127.0.0.1:5672/");
  try {
    for (const file of files) {
      const document = JSON.parse(readFileSync(file, "utf8"));
      const message = makeEvent(document.data ?? document, `order.${event}.v1`, process.env.SOURCE ?? "store:web");
      await broker.publish(message);
      console.log(`${message.subject} revision ${message.revision} is accepted as ${message.id}`);
    }
    return 0;
  } catch (error) {
    console.error(`publish_order.mjs: ${error.message}`);
    return error instanceof Refused ? 1 : 69;
  } finally {
    await broker.close();
  }
}

/** The CloudEvents envelope around the order. Made once: whoever publishes it again does so under the same id. */
function makeEvent(order, type, source) {
  return {
    specversion: "1.0",
    id: randomUUID(),
    source,
    type,
    subject: order.number,
    revision: order.revision,
    datacontenttype: "application/json",
    time: new Date().toISOString(),
    data: order,
  };
}

class Broker {
  #url;
  #connection = null;
  #channel = null;
  /** Ids of messages that came back because no queue wants them. */
  #returned = new Set();
  /** Why the channel was closed; a message that waits for its confirm then waits in vain. */
  #failure = null;
  #onFailure = null;

  constructor(url) {
    this.#url = url;
  }

  /** Returns when the broker has the message on disk. */
  async publish(event) {
    const deadline = Date.now() + PATIENCE;
    for (let pause = 100; ; pause = Math.min(pause * 2, 5_000)) {
      try {
        await this.#open();
        await this.#confirmed(event);
      } catch (error) {
        // 403 no permission, 404 no such exchange, 406 too large: not by itself.
        if ([403, 404, 406].includes(error.code)) throw new Refused(`the broker refuses it: ${error.message}`);
        // Whether it arrived is not known: the same message again, under the same id, over another connection.
        await this.close();
        if (Date.now() + pause > deadline) throw error;
        await sleep(pause);
        continue;
      }
      if (!this.#returned.delete(event.id)) return;
      throw new Refused(`no queue wants ${event.type}: run \`stevedore topology apply\``);
    }
  }

  #confirmed(event) {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      const timer = setTimeout(() => reject(new Error("no confirm came in time")), CONFIRM_TIMEOUT);
      const end = (error) => {
        clearTimeout(timer);
        this.#onFailure = null;
        if (error) reject(error);
        else resolve();
      };
      this.#onFailure = end;
      const properties = {
        // Without a queue that wants it the message comes back, instead of being dropped.
        mandatory: true,
        persistent: true,
        contentType: "application/cloudevents+json",
        messageId: event.id,
        type: event.type,
        appId: event.source,
        timestamp: Math.floor(Date.now() / 1000),
        headers: { cloudEvents_subject: event.subject, cloudEvents_revision: event.revision },
      };
      // The callback hears of the confirm; with an error when the broker says no (is the queue full?).
      this.#channel.publish(EXCHANGE, event.type, Buffer.from(JSON.stringify(event)), properties, end);
    });
  }

  async #open() {
    if (this.#channel && !this.#failure) return;
    await this.close();
    this.#failure = null;
    const connection = await amqp.connect(this.#url);
    this.#connection = connection;
    // What an earlier connection still has to say is no concern of this one.
    const fail = (error) => this.#connection === connection && this.#fail(error);
    // Without a listener an error would end the process.
    connection.on("error", fail);
    connection.on("close", () => fail(new Error("the broker closed the connection")));
    this.#channel = await connection.createConfirmChannel();
    this.#channel.on("error", fail);
    this.#channel.on("close", () => fail(new Error("the broker closed the channel")));
    // A message that no queue wants comes back before it is confirmed.
    this.#channel.on("return", (message) => this.#returned.add(message.properties.messageId));
  }

  #fail(error) {
    this.#failure ??= error;
    this.#onFailure?.(this.#failure);
  }

  async close() {
    const connection = this.#connection;
    this.#connection = this.#channel = null;
    await connection?.close().catch(() => {});
  }
}

process.exitCode = await main(process.argv.slice(2));
