#pragma once

#include <napi.h>

namespace oversoak::addon {

// startServer(options): options as in contracts' ServerOptions, all fields filled in. Returns an
// object {port, snapshot(), stop()}.
Napi::Value start_server(const Napi::CallbackInfo& info);

}  // namespace oversoak::addon
