#!/usr/bin/env php
<?php
/*
 * A shop that takes orders into its own SQLite database and tells the ERP of them through its outbox.
 *
 * The order and the message are written in one transaction: there is never one without the other. No broker is needed for
 * that; outbox-relay publishes the row, now or when the broker is back.
 *
 *   outbox-relay schema | sqlite3 shop.db
 *   stevedore contracts example order.placed.v1 >order.json
 *   php order_outbox.php shop.db placed order.json
 *
 * Needs PHP 8.1 with pdo_sqlite, nothing else.
 */
declare(strict_types=1);

const EVENTS = ['placed', 'amended', 'cancelled'];

function main(array $arguments): int
{
    [$path, $event] = $arguments + [null, null];
    $files = array_slice($arguments, 2);
    if ($path === null || !in_array($event, EVENTS, true) || $files === []) {
        fwrite(STDERR, 'usage: php order_outbox.php DATABASE ' . implode('|', EVENTS) . " ORDER.json ...\n");
        return 64;
    }
    try {
        $shop = openShop($path);
        foreach ($files as $file) {
            $text = @file_get_contents($file);
            if ($text === false) {
                throw new RuntimeException("$file cannot be read");
            }
            // Objects stay objects: an array would turn {} into [].
            $document = json_decode($text, false, 64, JSON_THROW_ON_ERROR);
            $order = take($shop, $event, $document->data ?? $document);
            echo "$order->number revision $order->revision is $event\n";
        }
    } catch (Throwable $error) {
        fwrite(STDERR, "order_outbox.php: {$error->getMessage()}\n");
        return 1;
    }
    return 0;
}

function openShop(string $path): PDO
{
    $shop = new PDO("sqlite:$path", options: [
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        // The relay writes a few rows now and then; this waits for it, as for any other writer of the shop. Seconds.
        PDO::ATTR_TIMEOUT => 10,
    ]);
    // With a write-ahead log the relay never stops a page of the shop from being read.
    $shop->exec('PRAGMA journal_mode = WAL');
    $shop->exec('CREATE TABLE IF NOT EXISTS shop_order (
        number TEXT PRIMARY KEY, revision INTEGER NOT NULL, state TEXT NOT NULL, document TEXT NOT NULL)');
    return $shop;
}

/** Writes the order as it now stands, and the message that says so; both or neither. */
function take(PDO $shop, string $event, object $order): object
{
    // PDO's beginTransaction would take the lock for writing only later, when it may be too late to wait for it.
    $shop->exec('BEGIN IMMEDIATE');
    try {
        // Each change of an order is a new revision, counted where the order is kept.
        $known = $shop->prepare('SELECT revision FROM shop_order WHERE number = ?');
        $known->execute([$order->number]);
        $order->revision = (int) ($known->fetchColumn() ?: 0) + 1;
        $known->closeCursor();
        $document = json_encode($order, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
        $shop->prepare('INSERT INTO shop_order (number, revision, state, document) VALUES (?, ?, ?, ?)
            ON CONFLICT (number) DO UPDATE SET revision = excluded.revision, state = excluded.state,
                document = excluded.document')
            ->execute([$order->number, $order->revision, $event, $document]);
        // This is all that Stevedore asks of a shop. The message's id and its time are filled in by the table.
        $row = $shop->prepare('INSERT INTO stevedore_outbox (type, subject, revision, data) VALUES (?, ?, ?, ?)');
        $row->bindValue(1, "order.$event.v1");
        $row->bindValue(2, $order->number);
        // As a whole number: the table takes no text here.
        $row->bindValue(3, $order->revision, PDO::PARAM_INT);
        $row->bindValue(4, $document);
        $row->execute();
        $shop->exec('COMMIT');
    } catch (Throwable $error) {
        $shop->exec('ROLLBACK');
        throw $error;
    }
    return $order;
}

exit(main(array_slice($argv, 1)));
