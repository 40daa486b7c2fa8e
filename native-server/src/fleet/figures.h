#pragma once

#include "fleet/slow_echoes.h"
#include "fleet/stages.h"
#include "metrics/counter.h"
#include "metrics/histogram.h"

namespace oversoak::fleet {

// What one fleet thread counts; it alone writes.
struct ThreadFigures {
  metrics::Counter live;
  metrics::Counter connects;
  metrics::Counter disconnects;
  metrics::Counter aborts;
  metrics::Counter sent;
  metrics::Counter echoed;
  metrics::Counter in_flight;
  metrics::Counter lost_on_close;
  metrics::Counter offered;
  metrics::Counter held_by_window;
  metrics::Counter late;
  metrics::Counter bytes_received;
  metrics::Counter bytes_sent;
  metrics::Counter connect_failed;
  metrics::Counter disconnected_by_server;
  metrics::Counter corrupt;
  metrics::Counter out_of_order;
  metrics::Counter duplicate;
  metrics::Counter not_received_in_time;
  metrics::Histogram latency_intended;
  metrics::Histogram latency_actual;
  metrics::Histogram send_lag;
  StageTable stages;
  SlowEchoes slow_echoes;
};

}  // namespace oversoak::fleet
