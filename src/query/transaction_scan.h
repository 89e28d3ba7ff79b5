// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "engine/interface.h"
#include "record/transaction_record.h"

namespace weir {

// Calls visit(TransactionRecord) once for each protocol and key of an interface: the sum of what
// its shards know. Any thread. Cost: some microseconds a record; the records of several shards are
// copied twice.
void visit_transactions(const Interface& interface,
                        const std::function<void(const TransactionRecord&)>& visit);

}  // namespace weir
