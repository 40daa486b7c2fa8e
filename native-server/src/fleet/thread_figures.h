#pragma once

#include "fleet/first_errors.h"
#include "fleet/fleet_errors.h"
#include "fleet/slow_echoes.h"
#include "metrics/counter.h"

namespace oversoak::fleet {

// Of sessions in zones.
struct ZoneCounts {
  metrics::Counter joins;
  metrics::Counter leaves;
  metrics::Counter deliveries;
  metrics::Counter own;
  metrics::Counter skipped;
  metrics::Counter ticks;
};

// What one fleet thread counts over the whole run; it alone writes. What is judged is in its
// Measurement.
struct ThreadFigures {
  metrics::Counter live;
  metrics::Counter connects;
  metrics::Counter disconnects;
  metrics::Counter aborts;
  metrics::Counter sent;
  metrics::Counter echoed;
  metrics::Counter in_flight;
  metrics::Counter lost_on_close;
  metrics::Counter bytes_received;
  metrics::Counter bytes_sent;
  ZoneCounts zones;
  FleetErrors errors;
  FirstErrors first_errors;
  SlowEchoes slow_echoes;
};

}  // namespace oversoak::fleet
