/// The part of `--help` that flags can not say of themselves.
enum HelpText {
    static let discussion = """
        Serves the interface of Sources/ERP/REST/openapi.yaml. Orders are kept once per store number; every request is \
        audited. POST /quotes says prices, availability, freight and sales tax, and changes nothing. Products, stock in EAST, NORTH and WEST, prices, accounts and shipments are told as changes after a cursor.

        EXAMPLES
          erp-simulator --port 8090 --database erp.sqlite
          erp-simulator --port 0 --latency 50ms --capacity 32 --retry-after 1
          erp-simulator --catalogue 20000 --accounts 2000 --price-lists 50 --database erp.sqlite
          erp-simulator --fault kind=drop-reply,count=3,method=POST,path=/orders
          erp-simulator --fault kind=error,status=503,probability=0.1,seed=7

          curl -X POST localhost:8090/_simulator/faults -d '{"kind":"html","count":2}'
          curl -X POST localhost:CONTROL/_simulator/faults -d '{"kind":"down","seconds":30}'
          curl -X DELETE localhost:8090/_simulator/faults
          curl -X POST localhost:8090/_simulator/orders/SO000001/ship \
        -d '{"lines":[{"lineId":"1","quantity":"2"}],"trackingNumbers":["1Z9"]}'
          curl -X POST localhost:8090/_simulator/changes/stock \
        -d '{"sku":"FST-0001","warehouse":"EAST","onHand":"7"}'
          curl -X POST localhost:8090/_simulator/day -d '{"events":5000,"seed":7,"speed":1440}'
          curl localhost:8090/_simulator/summary

        KINDS OF FAULT
          latency capacity error hang hold drop-reply reset duplicate html truncated cut-off empty error-body down
          clock-back, and of pages of changes: repeat-rows skip-rows unreadable-rows
          Settings: count, method, path (its beginning), probability, seed, applied (whether the work is done), status,
          retryAfter, limit, seconds, latency. A setting that a kind has no use for is refused.
          hold does the work and answers when the fault is cleared; clearing also ends what latency and hang hold back.

        MOVES (POST /_simulator/orders/ERP-NUMBER/…)
          ship hold release backorder restock cancel; and POST /_simulator/offline-orders

        CHANGES (POST /_simulator/changes/KIND; products, stock, prices, customers, shipments)
          A JSON object with the members that say of what, and those that change; null takes one away (RFC 7396).
          POST /_simulator/deletions/KIND with the former deletes it, which no change tells.

        ACTIVITY
          POST /_simulator/play {"events":500,"seed":7} plays so many events at once; without a seed those of before go on.
          POST /_simulator/day {"events":5000,"seed":7,"speed":60} plays a day so many times faster than a real one.
          GET /_simulator/day says how far it is, DELETE ends it. The same seed on the same books plays the same events.

        WELL-KNOWN ACCOUNTS
          C-10003 over its limit, C-10004 on credit hold: held. C-10005: no purchase orders. C-10007: closed.
          C-10004 is told no price and no tax, C-10007 nothing.

        WELL-KNOWN PRODUCTS
          FST PWR SAF ELC PLB HND JAN PKG, each -0001 to -0020, and GLV-01-S to GLV-10-XL.
          -0008 out of stock, -0012 only in WEST, -0014 five pieces, -0016 replaced by -0017, -0018 sold in tens.
        """
}
