#!/usr/bin/python3
"""Orders of one line each, as NDJSON on standard output for `stevedore publish`: scripts/stories uses it."""
import json
import sys
import uuid
from decimal import Decimal


def main():
    example, count, sku, prefix = json.load(open(sys.argv[1])), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    for position in range(1, count + 1):
        order = json.loads(json.dumps(example))
        data = order["data"]
        number = f"{prefix}-{position:04d}"
        quantity = position % 9 + 1
        amount = str(Decimal("4.45") * quantity)
        # The simulator's accounts from here on order freely: no hold, no limit, no account that is closed.
        data.update(number=number, customer={"account": f"C-{10011 + position % 20}"}, purchaseOrderNumber=f"PO-{number}",
                    preferredWarehouse="EAST", payment={"method": "purchase-order"}, fallbacks=[])
        data["lines"] = [{"id": "1", "sku": sku, "quantity": str(quantity), "unit": "C62", "unitPrice": "4.45",
                          "amount": amount, "priceVersion": "2026-Q1"}]
        data["totals"] = {"goods": amount, "discount": "0.00", "shipping": "0.00", "tax": "0.00", "total": amount}
        order.update(id=str(uuid.uuid4()), subject=number)
        print(json.dumps(order, ensure_ascii=False))


if __name__ == "__main__":
    main()
