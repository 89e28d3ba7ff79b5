// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/collect_thread.h"

#include <utility>

#include <fmt/format.h>

#include "app/shard_thread.h"
#include "base/log.h"
#include "collect/exporter_answer.h"
#include "collect/template_text.h"

namespace weir {
namespace {

using std::chrono::steady_clock;

// So many flows at most wait for the shard: what one datagram holds comes on top.
constexpr size_t kMostWaiting = 4096;
// Records tell of what is over: time without any goes on so far behind the wall's.
constexpr std::chrono::seconds kExportDelay{5};

int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

CollectThread::CollectThread(Setting setting, Interface& interface, CollectorBoard& board)
    : listener_(std::move(setting.listener)),
      collector_(setting.collector),
      interface_(interface),
      shard_(*interface.shards().front()),
      status_(interface.input(0)),
      board_(board),
      relayed_(setting.relayed),
      tell_(std::move(setting.tell)),
      cpu_(setting.cpu),
      templates_(std::make_shared<const std::string>(std::move(setting.templates))),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void CollectThread::run(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kPatience{100};
  begin_shard_thread(status_, cpu_);
  restore(*templates_);
  tell();
  while (!stop.stop_requested()) {
    (void)listener_->poll(kPatience, [this](const ReceivedExport& message) { take(message); });
    hand_over();
    if (steady_clock::now() >= told_ + std::chrono::seconds(1)) tell();
  }
  templates_told_ = {};
  tell();
}

void CollectThread::restore(std::string_view templates) {
  if (templates.empty()) return;
  const int64_t now = now_ns();
  const TemplatesRead read =
      read_templates_text(templates, now, [&](const ExporterKey& key, TemplatePointer made) {
        collector_.restore_template(key, std::move(made), now);
      });
  if (read.damaged != 0)
    log_warning(fmt::format("{}: {} templates of before the restart could not be read",
                            interface_.name(), read.damaged));
}

void CollectThread::take(const ReceivedExport& message) {
  (void)collector_.take(message, now_ns());
  if (collector_.flows().size() >= kMostWaiting ||
      collector_.events().size() >= Collector::kMaxEvents / 2)
    hand_over();
}

// More than so many a second nobody reads; a flood of them must not fill what events share.
void CollectThread::tell_events() {
  constexpr uint64_t kMostASecond = 100;
  uint64_t left_out_now = 0;
  for (const Value& event : collector_.events()) {
    if (told_events_ < kMostASecond) {
      if (tell_) tell_(event);
    } else if (told_events_ == kMostASecond && tell_) {
      Value left_out;
      left_out.set("event", "events_left_out");
      left_out.set("interface", interface_.id());
      tell_(left_out);
    }
    left_out_now += told_events_ < kMostASecond ? 0 : 1;
    ++told_events_;
  }
  collector_.leave_out_events(left_out_now);
  collector_.clear_events();
}

void CollectThread::hand_over() {
  tell_events();
  if (collector_.flows().empty()) return;
  shard_.collect(collector_.flows(), Timestamp::from_nanoseconds(now_ns()));
  if (relayed_ != nullptr) relayed_->pass_on(collector_.flows());
  collector_.clear_flows();
}

void CollectThread::tell() {
  told_ = steady_clock::now();
  told_events_ = 0;
  const int64_t now = now_ns();
  collector_.pass_second(now);
  const int64_t behind = std::chrono::nanoseconds(kExportDelay).count();
  for (size_t step = 0; step < Shard::kIdleSteps; ++step) {
    if (!shard_.idle(Timestamp::from_nanoseconds(now - behind)) && step > 0) break;
  }
  const ListenStatistics sockets = listener_->statistics();
  status_.kernel_drops.set(sockets.kernel_drops);
  constexpr double kBillion = 1e9;
  status_.missing.set(static_cast<uint32_t>((1 - completeness(collector_.exporters())) * kBillion));
  publish_thread_times(status_);
  CollectorBoard::Notice notice;
  collector_.exporters().visit([&](const Exporter& exporter) {
    if (exporter.counters.messages != 0)
      notice.exporters.push_back(exporter_answer(exporter, interface_.id()));
  });
  notice.health = collector_answer(collector_, sockets);
  constexpr std::chrono::seconds kTemplatesEvery{30};
  if (told_ >= templates_told_ + kTemplatesEvery) {
    templates_told_ = told_;
    templates_ = std::make_shared<const std::string>(templates_text(collector_.exporters(), now));
  }
  notice.templates = templates_;
  board_.post(std::move(notice));
}

}  // namespace weir
