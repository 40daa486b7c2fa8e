#pragma once

#include "io/notifier.h"
#include "layout/error_log.h"
#include "metrics/counter.h"

namespace oversoak::server {

// What one IO thread counts of its sessions; it alone writes.
struct SessionFigures {
  metrics::Counter closed;
  metrics::Counter frames_received;
  metrics::Counter bytes_received;
  layout::ErrorLog errors;
};

// What one IO thread counts of its members of zones; it alone writes.
struct ZoneFigures {
  metrics::Counter joins;
  metrics::Counter leaves;
  metrics::Counter live;
  metrics::Counter copies;
  metrics::Counter dropped;
  metrics::Counter replaced;
  metrics::Counter closed;
  metrics::Counter backlog_max_bytes;
};

// What one thread that sends echoes counts of them: an IO thread, and under a notifier that lets
// every thread send a content thread too. It alone writes.
struct SenderFigures {
  metrics::Counter frames_echoed;
  metrics::Counter frames_discarded;
  metrics::Counter bytes_sent;
  io::OperationFigures sends;  // of content threads; an IO thread's are its notifier's
};

}  // namespace oversoak::server
