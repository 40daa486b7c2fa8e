#include "server/server_figures.h"

#include <algorithm>

namespace oversoak::server {
namespace {

void add_operations(OperationTotals& total, const io::OperationFigures& figures) {
  total.at_once += figures.at_once.load();
  total.pending += figures.pending.load();
  total.failed += figures.failed.load();
}

void add_histogram(metrics::HistogramCounts& total,
                   const std::unique_ptr<metrics::Histogram>& histogram) {
  if (histogram) histogram->add_to(total);
}

}  // namespace

void ServerFigures::add(const SessionFigures& sessions) {
  closed += sessions.closed.load();
  frames_received += sessions.frames_received.load();
  bytes_received += sessions.bytes_received.load();
  errors += sessions.errors.load();
}

void ServerFigures::add(const SenderFigures& sender) {
  frames_echoed += sender.frames_echoed.load();
  frames_discarded += sender.frames_discarded.load();
  bytes_sent += sender.bytes_sent.load();
  add_operations(sends, sender.sends);
}

void ServerFigures::add(const io::NotifierFigures& notifier) {
  add_operations(receives, notifier.receives);
  add_operations(sends, notifier.sends);
  completions += notifier.completions.load();
  batches += notifier.batches.load();
  largest_batch = std::max(largest_batch, notifier.largest_batch.load());
}

void ServerFigures::add(const layout::DeskFigures& desk) {
  moves += desk.moves.load();
  container_lookups += desk.container_lookups.load();
  container_changes += desk.container_changes.load();
  errors += desk.errors.load();
  add_histogram(lock_wait, desk.lock_wait);
  add_histogram(move_latency, desk.move_latency);
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const layout::ContentFigures& figures = desk.of_content[i];
    ContentTotals& total = contents[i];
    total.handled += figures.handled.load();
    total.arrivals += figures.arrivals.load();
    total.hops += figures.hops.load();
    total.rerouted += figures.rerouted.load();
    total.work_ns += figures.work_ns.load();
    total.depth_max = std::max(total.depth_max, figures.depth_max.load());
    total.depth_sum += figures.depth_sum.load();
    total.depth_looks += figures.depth_looks.load();
    add_histogram(total.queue_wait, figures.queue_wait);
  }
}

void ServerFigures::add(const layout::RouteFigures& routes) {
  container_lookups += routes.lookups.load();
  add_histogram(lock_wait, routes.lock_wait);
}

void ServerFigures::add(const ZoneFigures& of_zones) {
  zones.joins += of_zones.joins.load();
  zones.leaves += of_zones.leaves.load();
  zones.live += of_zones.live.load();
  zones.copies += of_zones.copies.load();
  zones.dropped += of_zones.dropped.load();
  zones.replaced += of_zones.replaced.load();
  zones.closed += of_zones.closed.load();
  zones.backlog_max_bytes = std::max(zones.backlog_max_bytes, of_zones.backlog_max_bytes.load());
}

void ServerFigures::add(const layout::ZoneDeskFigures& desk) {
  zones.broadcasts += desk.broadcasts.load();
  zones.mailed += desk.mailed.load();
  zones.ticks += desk.ticks.load();
  zones.ticks_skipped += desk.ticks_skipped.load();
  add_histogram(tick_lateness, desk.tick_lateness);
}

}  // namespace oversoak::server
