#pragma once

#include "probes/probe.h"

// One file each.
namespace oversoak::probes {

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

}  // namespace oversoak::probes
