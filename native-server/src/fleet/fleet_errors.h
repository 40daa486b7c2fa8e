#pragma once

#include <cstdint>

#include "enum_names.h"
#include "metrics/class_counters.h"

namespace oversoak::fleet {

// What a fleet counts against the server or the network; contracts/src/figures/error-classes.ts
// says what each is.
enum class FleetError : std::uint8_t {
  connect_failed,
  connect_timed_out,
  disconnected_by_server,
  corrupt,
  out_of_order,
  duplicate,
  not_received_in_time,
  error_answer,
  delivery_missing,
  delivery_duplicate,
  delivery_out_of_order,
  delivery_after_leave,
  end,
};

// In the order of contracts' FLEET_ERROR_CLASSES.
inline constexpr auto kFleetErrorNames = enum_names<FleetError>({
    {FleetError::connect_failed, "connectFailed"},
    {FleetError::connect_timed_out, "connectTimedOut"},
    {FleetError::disconnected_by_server, "disconnectedByServer"},
    {FleetError::corrupt, "corrupt"},
    {FleetError::out_of_order, "outOfOrder"},
    {FleetError::duplicate, "duplicate"},
    {FleetError::not_received_in_time, "notReceivedInTime"},
    {FleetError::error_answer, "errorAnswer"},
    {FleetError::delivery_missing, "deliveryMissing"},
    {FleetError::delivery_duplicate, "deliveryDuplicate"},
    {FleetError::delivery_out_of_order, "deliveryOutOfOrder"},
    {FleetError::delivery_after_leave, "deliveryAfterLeave"},
});

using FleetErrorCounts = metrics::ClassCounts<FleetError>;
using FleetErrors = metrics::ClassCounters<FleetError>;

}  // namespace oversoak::fleet
