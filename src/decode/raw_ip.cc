// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/raw_ip.h"

#include "decode/heuristics.h"

namespace weir {

Layer decode_raw_ip(Walk& walk) {
  if (walk.bytes.empty()) return walk.fail(DecodeError::kTruncated);
  const Layer layer = ip_by_version(walk);
  return layer == Layer::kDone ? walk.fail(DecodeError::kBadVersion) : layer;
}

}  // namespace weir
