#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "fleet/fleet_errors.h"
#include "fleet/load.h"
#include "metrics/histogram.h"

namespace oversoak::fleet {

// Counts by a number, in the order of the numbers.
using SparseCounts = std::vector<std::pair<std::uint32_t, std::uint64_t>>;
void count_one(SparseCounts& counts, std::uint32_t number);

// What became of the messages that were due in one window of the measurement, whenever it did.
struct MeasuredWindow {
  Load<std::uint64_t> load;
  // load.after_end, by how many windows later they left.
  SparseCounts left_later;
  // By the time at which they were noticed.
  FleetErrorCounts errors{};
  std::int64_t busy_ns = 0;  // of the thread; of several, of the busiest
  // Latency from the intended time: counts by bucket of the histogram.
  SparseCounts intended;
};

// The whole windows of a measurement, of one fleet thread, which alone uses this until it has
// ended. A window takes echoes for as long as they come. The newest are kept open, with a bucket
// for each latency; an older one is packed, and what still comes for it is inserted.
class MeasuredWindows {
 public:
  // `count`: the number of windows; later messages are in no window. 0: no windows.
  explicit MeasuredWindows(std::uint64_t count) : count_(count) {}

  // Of a message that was due in the window `index`; null behind the last one. The reference stands
  // until the next call.
  Load<std::uint64_t>* load(std::uint64_t index);

  void record_intended(std::uint64_t index, std::int64_t latency_ns);

  // A message that was due in the window `index` left in the window `left`, which may be behind the
  // last one.
  void note_left_later(std::uint64_t index, std::uint64_t left);

  // What `errors` has more than at the last call was noticed in the window `index`, if there is
  // such a window.
  void note_errors(std::uint64_t index, const FleetErrorCounts& errors);

  // The thread had work for so much more of the window `index`.
  void note_busy(std::uint64_t index, std::int64_t busy_ns);

  // All of them, in order; windows in which nothing was due are there too.
  std::vector<MeasuredWindow> take();

 private:
  // Enough for echoes that take as long as this many windows.
  static constexpr std::size_t kMaxOpen = 16;

  struct Open {
    MeasuredWindow window;
    std::vector<std::uint32_t> buckets;  // kHistogramBuckets long
  };

  bool reach(std::uint64_t index);
  MeasuredWindow& at(std::uint64_t index);
  void pack_oldest();

  std::uint64_t count_;
  std::vector<MeasuredWindow> packed_;  // the windows 0, 1, ...
  std::deque<Open> open_;               // those that follow
  std::vector<std::uint32_t> spare_;    // zeroes, of a window that was packed
  FleetErrorCounts errors_{};
};

}  // namespace oversoak::fleet
