#pragma once

#include "probes/probe.h"

namespace oversoak::probes {

// One file each.
Probes pending_probes();
Probes send_buffer_probes();
Probes callers_thread_probes();
Probes at_once_probes();
Probes signalling_probes();
Probes handle_limit_probes();
Probes alertable_wait_probes();
Probes socket_flag_probes();
Probes buffer_probes();
Probes byte_count_probes();
Probes readiness_probes();
Probes accept_connect_probes();
Probes many_session_probes();
Probes ending_probes();
Probes offload_probes();
Probes file_io_probes();

// In the order of contracts' catalogue.
inline constexpr Probes (*kFamilies[])() = {
    pending_probes,      send_buffer_probes,  callers_thread_probes, at_once_probes,
    signalling_probes,   handle_limit_probes, alertable_wait_probes, socket_flag_probes,
    buffer_probes,       byte_count_probes,   readiness_probes,      accept_connect_probes,
    many_session_probes, ending_probes,       offload_probes,        file_io_probes,
};

}  // namespace oversoak::probes
