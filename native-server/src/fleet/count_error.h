#pragma once

#include <cstdint>

#include "fleet/client.h"
#include "fleet/thread_figures.h"
#include "io/sockets.h"

namespace oversoak::fleet {

// Counts an error of a client. Of the first ones of each class it keeps what is known:
// `mismatch()` is called for those alone. Thread: the fleet thread of the client.
template <typename MismatchOf>
void count_error(ThreadFigures& figures, const Client& client, FleetError error,
                 std::int64_t now_ns, io::Error code, MismatchOf mismatch,
                 std::uint64_t amount = 1) {
  figures.errors.add(error, amount);
  if (!figures.first_errors.wants(error)) return;
  const bool has_socket = client.socket != io::kNoSocket;
  const std::uint16_t port = has_socket ? io::local_port(client.socket) : std::uint16_t{0};
  figures.first_errors.note({error, client.session, port, now_ns, code, mismatch()});
}

// Where nothing has to be looked up. `what`: of static storage.
inline void count_error(ThreadFigures& figures, const Client& client, FleetError error,
                        std::int64_t now_ns, io::Error code, const char* what) {
  count_error(figures, client, error, now_ns, code, [&] { return Mismatch{.what = what}; });
}

}  // namespace oversoak::fleet
