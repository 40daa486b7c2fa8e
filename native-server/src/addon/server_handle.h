#pragma once

#include <napi.h>

namespace oversoak::addon {

// startServer(options): options as read_server_options takes them. Returns an
// object {port, snapshot(), stop()}.
Napi::Value start_server(const Napi::CallbackInfo& info);

}  // namespace oversoak::addon
