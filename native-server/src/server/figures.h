#pragma once

#include "metrics/counter.h"

namespace oversoak::server {

// What one IO thread counts of its sessions; it alone writes.
struct SessionFigures {
  metrics::Counter closed;
  metrics::Counter frames_received;
  metrics::Counter frames_echoed;
  metrics::Counter bytes_received;
  metrics::Counter bytes_sent;
  metrics::Counter malformed_frames;
  metrics::Counter oversized_frames;
  metrics::Counter checksum_mismatches;
  metrics::Counter send_overflows;
  metrics::Counter receives_failed;
  metrics::Counter sends_failed;
};

}  // namespace oversoak::server
