#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "game/player_container.h"
#include "layout/figures.h"
#include "layout/zone_desk.h"
#include "metrics/histogram.h"
#include "metrics/server_errors.h"
#include "os/process.h"
#include "server/options.h"
#include "server/thread_figures.h"

namespace oversoak::server {

struct OperationTotals {
  std::uint64_t at_once = 0;
  std::uint64_t pending = 0;
  std::uint64_t failed = 0;
};

// One content, over all threads that do it.
struct ContentTotals {
  std::size_t threads = 0;
  std::uint64_t handled = 0;
  std::uint64_t arrivals = 0;
  std::uint64_t hops = 0;
  std::uint64_t rerouted = 0;
  std::uint64_t work_ns = 0;
  std::uint64_t depth_max = 0;
  std::uint64_t depth_sum = 0;
  std::uint64_t depth_looks = 0;
  metrics::HistogramCounts queue_wait = metrics::HistogramCounts(metrics::kHistogramBuckets);
};

// Over all threads; contracts/src/figures/native-snapshot.ts says what each is.
struct ZoneTotals {
  std::uint64_t joins = 0;
  std::uint64_t leaves = 0;
  std::uint64_t live = 0;
  std::uint64_t broadcasts = 0;
  std::uint64_t mailed = 0;
  std::uint64_t copies = 0;
  std::uint64_t dropped = 0;
  std::uint64_t replaced = 0;
  std::uint64_t closed = 0;
  std::uint64_t backlog_max_bytes = 0;
  std::uint64_t messages_made = 0;
  std::uint64_t ticks = 0;
  std::uint64_t ticks_skipped = 0;
};

// Cumulative figures over all threads.
struct ServerFigures {
  double elapsed_seconds = 0;
  std::uint64_t accepted = 0;
  std::uint64_t closed = 0;
  std::uint64_t frames_received = 0;
  std::uint64_t frames_echoed = 0;
  std::uint64_t frames_discarded = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  OperationTotals receives;
  OperationTotals sends;
  std::uint64_t completions = 0;
  std::uint64_t batches = 0;
  std::uint64_t largest_batch = 0;
  metrics::ServerErrorCounts errors;
  game::PlayerContainer::Census players;
  std::uint64_t container_lookups = 0;
  std::uint64_t container_changes = 0;
  std::uint64_t moves = 0;
  std::vector<ContentTotals> contents;  // as in the game
  metrics::HistogramCounts lock_wait = metrics::HistogramCounts(metrics::kHistogramBuckets);
  metrics::HistogramCounts move_latency = metrics::HistogramCounts(metrics::kHistogramBuckets);
  metrics::HistogramCounts tick_lateness = metrics::HistogramCounts(metrics::kHistogramBuckets);
  ZoneTotals zones;
  ThreadCounts threads_ran;
  std::vector<os::NamedCpu> threads;

  void add(const SessionFigures& sessions);
  void add(const SenderFigures& sender);
  void add(const io::NotifierFigures& notifier);
  void add(const layout::DeskFigures& desk);
  void add(const layout::RouteFigures& routes);
  void add(const ZoneFigures& of_zones);
  void add(const layout::ZoneDeskFigures& desk);
};

}  // namespace oversoak::server
