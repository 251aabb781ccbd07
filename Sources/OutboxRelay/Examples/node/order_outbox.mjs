// A shop that takes orders into its own SQLite database and tells the ERP of them through its outbox.
//
// The order and the message are written in one transaction: there is never one without the other. No broker is needed
// for that; outbox-relay publishes the row, now or when the broker is back.
//
//   outbox-relay schema | sqlite3 shop.db
//   stevedore contracts example order.placed.v1 >order.json
//   npm install && node order_outbox.mjs shop.db placed order.json

import { readFileSync } from "node:fs";
import Database from "better-sqlite3";

const EVENTS = ["placed", "amended", "cancelled"];

function main([path, event, ...files]) {
  if (!path || !EVENTS.includes(event) || files.length === 0) {
    console.error(`usage: node order_outbox.mjs DATABASE ${EVENTS.join("|")} ORDER.json ...`);
    return 64;
  }
  try {
    const shop = openShop(path);
    for (const file of files) {
      const document = JSON.parse(readFileSync(file, "utf8"));
      const order = take(shop, event, document.data ?? document);
      console.log(`${order.number} revision ${order.revision} is ${event}`);
    }
    shop.close();
    return 0;
  } catch (error) {
    console.error(`order_outbox.mjs: ${error.message}`);
    return 1;
  }
}

function openShop(path) {
  // The relay writes a few rows now and then; `timeout` waits for it, as for any other writer of the shop.
  const shop = new Database(path, { timeout: 10_000 });
  // With a write-ahead log the relay never stops a page of the shop from being read.
  shop.pragma("journal_mode = WAL");
  shop.exec(`CREATE TABLE IF NOT EXISTS shop_order (
    number TEXT PRIMARY KEY, revision INTEGER NOT NULL, state TEXT NOT NULL, document TEXT NOT NULL)`);
  return shop;
}

/** Writes the order as it now stands, and the message that says so; both or neither. */
function take(shop, event, order) {
  return shop
    .transaction(() => {
      // Each change of an order is a new revision, counted where the order is kept.
      const row = shop.prepare("SELECT revision FROM shop_order WHERE number = ?").get(order.number);
      const current = { ...order, revision: (row?.revision ?? 0) + 1 };
      const document = JSON.stringify(current);
      shop
        .prepare(
          `INSERT INTO shop_order (number, revision, state, document) VALUES (?, ?, ?, ?)
           ON CONFLICT (number) DO UPDATE SET revision = excluded.revision, state = excluded.state,
             document = excluded.document`,
        )
        .run(current.number, current.revision, event, document);
      // This is all that Stevedore asks of a shop. The message's id and its time are filled in by the table.
      shop
        .prepare("INSERT INTO stevedore_outbox (type, subject, revision, data) VALUES (?, ?, ?, ?)")
        .run(`order.${event}.v1`, current.number, current.revision, document);
      return current;
    })
    .immediate();
}

process.exitCode = main(process.argv.slice(2));
