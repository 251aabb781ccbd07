#!/usr/bin/env php
<?php
/*
 * Publishes orders straight to the broker, each persistent, mandatory and confirmed.
 *
 *   stevedore contracts example order.placed.v1 >order.json
 *   composer install
 *   AMQP_URL=amqp://guest:guest@127.0.0.1:7672/ php publish_order.php placed order.json
 *
 * Accepted is what the broker has confirmed, and nothing else. A shop that can end between writing an order down and
 * having it confirmed needs a table from which it publishes again: that is the outbox (order_outbox.php).
 */
declare(strict_types=1);

require getenv('COMPOSER_AUTOLOAD') ?: __DIR__ . '/vendor/autoload.php';

use PhpAmqpLib\Channel\AMQPChannel;
use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Exception\AMQPExceptionInterface;
use PhpAmqpLib\Exception\AMQPProtocolChannelException;
use PhpAmqpLib\Message\AMQPMessage;
use PhpAmqpLib\Wire\AMQPTable;

const EXCHANGE = 'commerce';
const EVENTS = ['placed', 'amended', 'cancelled'];
const CONFIRM_TIMEOUT = 10;
const PATIENCE = 60;

/** Trying again does not help before a person has mended something. */
class Refused extends RuntimeException
{
}

/** The broker was away for as long as we waited; whether it has the message is not known. */
class Unavailable extends RuntimeException
{
}

function main(array $arguments): int
{
    $event = $arguments[0] ?? null;
    $files = array_slice($arguments, 1);
    if (!in_array($event, EVENTS, true) || $files === []) {
        fwrite(STDERR, 'usage: php publish_order.php ' . implode('|', EVENTS) . " ORDER.json ...\n");
        return 64;
    }
    $broker = new Broker(getenv('AMQP_URL') ?: 'amqp://guest:guest@127.0.0.1:5672/');
    try {
        foreach ($files as $file) {
            $text = @file_get_contents($file);
            if ($text === false) {
                throw new Refused("$file cannot be read");
            }
            // Objects stay objects: an array would turn {} into [].
            $document = json_decode($text, false, 64, JSON_THROW_ON_ERROR);
            $message = makeEvent($document->data ?? $document, "order.$event.v1", getenv('SOURCE') ?: 'store:web');
            $broker->publish($message);
            echo "{$message['subject']} revision {$message['revision']} is accepted as {$message['id']}\n";
        }
    } catch (Unavailable $error) {
        fwrite(STDERR, "publish_order.php: {$error->getMessage()}\n");
        return 69;
    } catch (Refused | JsonException $error) {
        fwrite(STDERR, "publish_order.php: {$error->getMessage()}\n");
        return 1;
    } finally {
        $broker->close();
    }
    return 0;
}

/** The CloudEvents envelope around the order. Made once: whoever publishes it again does so under the same id. */
function makeEvent(object $order, string $type, string $source): array
{
    return [
        'specversion' => '1.0',
        'id' => uuid(),
        'source' => $source,
        'type' => $type,
        'subject' => $order->number,
        'revision' => $order->revision,
        'datacontenttype' => 'application/json',
        'time' => (new DateTimeImmutable('now', new DateTimeZone('UTC')))->format('Y-m-d\TH:i:s.v\Z'),
        'data' => $order,
    ];
}

function uuid(): string
{
    $bytes = random_bytes(16);
    $bytes[6] = chr(ord($bytes[6]) & 0x0f | 0x40);
    $bytes[8] = chr(ord($bytes[8]) & 0x3f | 0x80);
    return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
}

final class Broker
{
    private ?AMQPStreamConnection $connection = null;
    private ?AMQPChannel $channel = null;
    /** What became of the message on its way: null while nothing is known. */
    private ?string $fate = null;

    public function __construct(private readonly string $url)
    {
    }

    /** Returns when the broker has the message on disk. */
    public function publish(array $event): void
    {
        $deadline = microtime(true) + PATIENCE;
        for ($pause = 0.1; ; $pause = min($pause * 2, 5.0)) {
            try {
                $reason = $this->publishOnce($event);
                if ($reason === null) {
                    return;
                }
            } catch (AMQPProtocolChannelException $error) {
                // No such exchange, no permission, a message that is too large.
                throw new Refused("the broker refuses it: {$error->getMessage()}", previous: $error);
            } catch (AMQPExceptionInterface | ErrorException $error) {
                $reason = "the broker is away: {$error->getMessage()}";
            }
            // Whether it arrived is not known: the same message again, under the same id, over another connection.
            $this->close();
            if (microtime(true) + $pause > $deadline) {
                throw new Unavailable($reason);
            }
            usleep((int) ($pause * 1_000_000));
        }
    }

    /** Null when the broker has confirmed it, else why not. */
    private function publishOnce(array $event): ?string
    {
        $channel = $this->open();
        $this->fate = null;
        $message = new AMQPMessage(
            json_encode($event, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES),
            [
                'content_type' => 'application/cloudevents+json',
                'delivery_mode' => AMQPMessage::DELIVERY_MODE_PERSISTENT,
                'message_id' => $event['id'],
                'type' => $event['type'],
                'app_id' => $event['source'],
                'timestamp' => time(),
                'application_headers' => new AMQPTable([
                    'cloudEvents_subject' => $event['subject'],
                    'cloudEvents_revision' => $event['revision'],
                ]),
            ],
        );
        // Mandatory: without a queue that wants it the message comes back, instead of being dropped.
        $channel->basic_publish($message, EXCHANGE, $event['type'], true);
        // Returns when nothing is unanswered any more; throws when the time is over.
        $channel->wait_for_pending_acks_returns(CONFIRM_TIMEOUT);
        return match ($this->fate) {
            'returned' => throw new Refused("no queue wants {$event['type']}: run `stevedore topology apply`"),
            'confirmed' => null,
            default => 'the broker says no; is the queue full?',
        };
    }

    private function open(): AMQPChannel
    {
        if ($this->channel !== null && $this->channel->is_open()) {
            return $this->channel;
        }
        $this->close();
        $url = parse_url($this->url) ?: [];
        // For amqps:// it is AMQPSSLConnection, with the same arguments and the options of TLS behind them.
        $this->connection = new AMQPStreamConnection(
            $url['host'] ?? '127.0.0.1',
            $url['port'] ?? 5672,
            rawurldecode($url['user'] ?? 'guest'),
            rawurldecode($url['pass'] ?? 'guest'),
            rawurldecode(substr($url['path'] ?? '/', 1)) ?: '/',
        );
        $channel = $this->connection->channel();
        $channel->set_ack_handler(function (AMQPMessage $message): void {
            // What comes back is confirmed as well, after it has come back.
            $this->fate ??= 'confirmed';
        });
        $channel->set_nack_handler(function (AMQPMessage $message): void {
            $this->fate = 'refused';
        });
        $channel->set_return_listener(function (): void {
            $this->fate = 'returned';
        });
        $channel->confirm_select();
        return $this->channel = $channel;
    }

    public function close(): void
    {
        $connection = $this->connection;
        $this->connection = $this->channel = null;
        try {
            $connection?->close();
        } catch (Throwable) {
            // It was lost already.
        }
    }
}

exit(main(array_slice($argv, 1)));
