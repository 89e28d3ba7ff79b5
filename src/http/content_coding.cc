// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/content_coding.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

#include "http/json_member.h"

namespace weir {
namespace {

// Below this the answer fits in a packet anyway.
constexpr size_t kMinBytesToZip = 1024;
// A list of hosts becomes a sixth; the highest level takes four times as long for a tenth less.
constexpr int kZipLevel = 1;
constexpr int kGzipFormat = 16 + MAX_WBITS;  // zlib's word for a gzip header and trailer

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The next element of a header's list, taken off its front.
std::string_view next_element(std::string_view& list) {
  const std::string_view element = list.substr(0, list.find(','));
  list.remove_prefix(std::min(list.size(), element.size() + 1));
  return trim(element);
}

bool is_zero_quality(std::string_view parameters) {
  const size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return false;
  const std::string_view value = trim(parameters.substr(at + 2));
  return value.find_first_not_of("0.") == std::string_view::npos;
}

std::optional<std::string> zip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, kZipLevel, Z_DEFLATED, kGzipFormat, MAX_MEM_LEVEL,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    return std::nullopt;
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) return std::nullopt;
  return out;
}

// The tag of an answer. When it was made (the member "time") is no content: of traffic that stands
// still the same is told each second.
std::string etag_of(const HttpAnswer& answer) {
  const std::string_view body = answer.body;
  JsonMember time{body.size(), body.size()};
  if (answer.content_type == "application/json" && body.starts_with('{'))
    time = find_member(body, "time");
  const std::hash<std::string_view> hash;
  return fmt::format("\"{:x}-{:x}-{:x}\"", body.size() - (time.end - time.begin),
                     hash(body.substr(0, time.begin)), hash(body.substr(time.end)));
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::string_view element = next_element(accept_encoding);
    const std::string_view coding = trim(element.substr(0, element.find(';')));
    if (coding == "gzip") return !is_zero_quality(element.substr(coding.size()));
  }
  return false;
}

bool matches_etag(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    std::string_view candidate = next_element(if_none_match);
    if (candidate.substr(0, 2) == "W/") candidate.remove_prefix(2);
    if (candidate == "*" || candidate == etag) return true;
  }
  return false;
}

CodedAnswer::CodedAnswer(HttpAnswer answer) : plain_(std::move(answer)) {
  if (plain_.status != 200) return;
  etag_ = etag_of(plain_);
  // Weak: the same tag for the plain form and for gzip (RFC 9110, 8.8.1).
  plain_.headers.emplace_back("ETag", "W/" + etag_);
  plain_.headers.emplace_back("Vary", "Accept-Encoding");
}

HttpAnswer CodedAnswer::to(const HttpRequest& request) {
  if (etag_.empty()) return plain_;
  if (matches_etag(request.if_none_match, etag_)) return {304, {}, plain_.headers, {}};
  if (plain_.body.size() < kMinBytesToZip || !accepts_gzip(request.accept_encoding)) return plain_;
  if (!zipped_) {
    zipped_ = plain_;
    if (std::optional<std::string> body = zip(plain_.body)) {
      zipped_->body = std::move(*body);
      zipped_->headers.emplace_back("Content-Encoding", "gzip");
    }
  }
  return *zipped_;
}

}  // namespace weir
