// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_messages.h"

#include <algorithm>

#include "dpi/tls_handshake.h"

namespace weir {
namespace {

bool is_kept(uint8_t type) {
  return type == kTlsClientHello || type == kTlsServerHello || type == kTlsCertificate;
}

}  // namespace

void TlsMessages::forget() {
  left_ = 0;
  drop_body();
}

// The rest of a body that was too long for the buffer is skipped.
void TlsMessages::drop_body() {
  buffer_.reset();
  size_ = capacity_ = 0;
  is_handed_over_ = false;
  is_skipped_ = true;
  if (left_ == 0) header_size_ = 0;
}

// True when the header is complete now.
bool TlsMessages::read_header(ByteReader& input) {
  while (header_size_ < kHeader && !input.empty()) {
    header_[header_size_++] = input.u8(0);
    input.skip(1);
  }
  if (header_size_ < kHeader) return false;
  left_ = ByteReader(header_.data(), kHeader).u24(1);
  return true;
}

size_t TlsMessages::wanted_capacity(size_t allowance) const {
  return std::min(left_ <= kSmallBuffer ? kSmallBuffer : kMaxBody, allowance);
}

void TlsMessages::keep(ByteReader& input, size_t allowance) {
  if (!buffer_) {
    capacity_ = wanted_capacity(allowance);
    buffer_ = std::make_unique_for_overwrite<uint8_t[]>(capacity_);
  }
  const size_t taken = std::min({left_, input.remaining(), capacity_ - size_});
  if (input.copy(0, buffer_.get() + size_, taken)) size_ += taken;
  input.skip(taken);
  left_ -= taken;
}

void TlsMessages::skip_body(ByteReader& input) {
  const size_t skipped = std::min(left_, input.remaining());
  input.skip(skipped);
  left_ -= skipped;
  if (left_ == 0) forget();
}

bool TlsMessages::take_whole(ByteReader& input, size_t allowance, TlsMessage& message) {
  if (buffer_ || !input.can_read(left_) || left_ > wanted_capacity(allowance)) return false;
  message.body = input;
  message.body.truncate(left_);
  input.skip(left_);
  forget();
  return true;
}

void TlsMessages::hand_over(TlsMessage& message) {
  message.type = header_[0];
  message.body = ByteReader(buffer_.get(), size_);
  is_handed_over_ = true;
}

bool TlsMessages::next(ByteReader& input, size_t allowance, TlsMessage& message) {
  if (is_handed_over_) drop_body();
  while (!input.empty()) {
    if (header_size_ < kHeader) {
      if (!read_header(input)) return false;
      message.type = header_[0];
      message.body = {};
      is_skipped_ = !is_kept(message.type);
      if (is_skipped_ || take_whole(input, allowance, message)) return true;
    } else if (is_skipped_) {
      skip_body(input);
    } else {
      keep(input, allowance);
      if (left_ != 0 && size_ != capacity_) continue;
      hand_over(message);
      return true;
    }
  }
  return false;
}

bool TlsMessages::give_up(TlsMessage& message) {
  if (is_handed_over_ || size_ == 0) {
    forget();
    return false;
  }
  left_ = 0;
  hand_over(message);
  return true;
}

}  // namespace weir
