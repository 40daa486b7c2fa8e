#pragma once

#include <cstdint>

#include "enum_names.h"
#include "metrics/class_counters.h"

namespace oversoak::metrics {

// What a server counts against its peers, the network or itself;
// contracts/src/figures/error-classes.ts says what each is. It stands below layout/ and server/,
// which both count some of them.
enum class ServerError : std::uint8_t {
  accept_failed,
  malformed_frame,
  oversized_frame,
  checksum_mismatch,
  send_overflow,
  receive_failed,
  send_failed,
  peer_reset,
  queue_overflow,
  wrong_owner,
  out_of_turn,
  players_unbalanced,
  end,
};

// In the order of contracts' SERVER_ERROR_CLASSES.
inline constexpr auto kServerErrorNames = enum_names<ServerError>({
    {ServerError::accept_failed, "acceptFailed"},
    {ServerError::malformed_frame, "malformedFrame"},
    {ServerError::oversized_frame, "oversizedFrame"},
    {ServerError::checksum_mismatch, "checksumMismatch"},
    {ServerError::send_overflow, "sendOverflow"},
    {ServerError::receive_failed, "receiveFailed"},
    {ServerError::send_failed, "sendFailed"},
    {ServerError::peer_reset, "peerReset"},
    {ServerError::queue_overflow, "queueOverflow"},
    {ServerError::wrong_owner, "wrongOwner"},
    {ServerError::out_of_turn, "outOfTurn"},
    {ServerError::players_unbalanced, "playersUnbalanced"},
});

using ServerErrorCounts = ClassCounts<ServerError>;
using ServerErrors = ClassCounters<ServerError>;

}  // namespace oversoak::metrics
