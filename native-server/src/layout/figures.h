#pragma once

#include <memory>
#include <vector>

#include "layout/error_log.h"
#include "metrics/counter.h"
#include "metrics/histogram.h"

namespace oversoak::layout {

// What one thread counts of one content.
struct ContentFigures {
  metrics::Counter handled;
  metrics::Counter arrivals;
  metrics::Counter hops;
  metrics::Counter rerouted;
  metrics::Counter work_ns;
  metrics::Counter depth_max;
  metrics::Counter depth_sum;
  metrics::Counter depth_looks;
  // Only where messages wait: a histogram is large.
  std::unique_ptr<metrics::Histogram> queue_wait;
};

// What one thread that does contents counts; it alone writes.
struct DeskFigures {
  explicit DeskFigures(std::size_t contents) : of_content(contents) {}

  std::vector<ContentFigures> of_content;  // by the game's contents
  metrics::Counter moves;
  metrics::Counter container_lookups;
  metrics::Counter container_changes;
  ErrorLog errors;
  // Of content threads only.
  std::unique_ptr<metrics::Histogram> lock_wait;
  std::unique_ptr<metrics::Histogram> move_latency;
};

// What one IO thread counts when it routes messages to content threads.
struct RouteFigures {
  metrics::Counter lookups;
  std::unique_ptr<metrics::Histogram> lock_wait;
};

}  // namespace oversoak::layout
