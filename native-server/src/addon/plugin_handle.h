#pragma once

#include <napi.h>

#include <memory>

#include "addon/fields.h"
#include "fleet/plugin/plugin.h"

namespace oversoak::addon {

// loadPlugin({path, file, options}, check): calls check(bytes) with the whole file; where that
// throws, nothing is loaded. Otherwise loads these very bytes, and returns {longestRequestBytes,
// longestAnswerBytes, plugin}; `plugin` is what startFleet takes. Throws an Error that names the
// file where it cannot be loaded, or is no plug-in.
Napi::Value load_plugin(const Napi::CallbackInfo& info);

// A `plugin` of loadPlugin.
std::shared_ptr<const fleet::Plugin> read_plugin(const Fields& fields, const char* name);

}  // namespace oversoak::addon
