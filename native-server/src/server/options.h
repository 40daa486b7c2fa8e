#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "layout/layout.h"
#include "notify/registry.h"
#include "server/fault.h"

namespace oversoak::server {

// Checked by whoever makes one (the addon's glue). The defaults stand in contracts/.
struct ServerOptions {
  notify::NotifierKind notifier = notify::NotifierKind::iocp;
  layout::LayoutKind layout = layout::LayoutKind::homo;
  std::string host = "0.0.0.0";
  std::uint16_t port = 0;
  int backlog = 1024;
  std::size_t io_threads = 1;
  std::size_t max_frame_bytes = 4096;
  std::size_t send_queue_bytes = 262'144;
  notify::IocpSettings iocp;
  FaultSettings fault;
};

}  // namespace oversoak::server
