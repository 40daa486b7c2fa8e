#include <napi.h>

#include "addon/fleet_handle.h"
#include "addon/plugin_handle.h"
#include "addon/probes.h"
#include "addon/record.h"
#include "addon/server_handle.h"
#include "game/spin.h"
#include "io/registry.h"
#include "layout/layout.h"
#include "os/heap.h"
#include "os/process.h"
#include "os/process_setup.h"
#include "server/self_test.h"

namespace oversoak::addon {
namespace {

Napi::Value capabilities(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Array notifiers = Napi::Array::New(env);
  for (const io::NotifierKind& kind : io::all_notifiers()) {
    const std::optional<std::string> problem = server::self_test(kind);
    Record record(env);
    record.set("name", kind.name);
    record.put("works", Napi::Boolean::New(env, !problem));
    if (problem) {
      record.set("reason", *problem);
    } else {
      record.put("reason", env.Null());
    }
    notifiers.Set(notifiers.Length(), record.object());
  }
  Napi::Array layouts = Napi::Array::New(env);
  for (const layout::LayoutKind& kind : layout::all_layouts()) {
    layouts.Set(layouts.Length(), std::string(kind.name));
  }
  const std::optional<std::string> wine = os::wine_version();
  return Record(env)
      .set("platform", os::platform_name())
      .set("systemVersion", os::system_version())
      .put("wineVersion", wine ? Napi::String::New(env, *wine) : env.Null())
      .count("cores", os::usable_processors())
      .set("spinTurnsPerUs", game::measure_turns_per_us())
      .put("notifiers", notifiers)
      .put("layouts", layouts)
      .object();
}

Napi::Value process_figures(const Napi::CallbackInfo& info) {
  return process_record(info.Env()).object();
}

Napi::Value heap_holes(const Napi::CallbackInfo& info) {
  const os::HeapHoles holes = os::heap_holes();
  return Record(info.Env())
      .count("committedBytes", holes.committed_bytes)
      .count("residentBytes", holes.resident_bytes)
      .object();
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  os::set_up_process();
  exports.Set("startServer", Napi::Function::New(env, start_server));
  exports.Set("startFleet", Napi::Function::New(env, start_fleet));
  exports.Set("loadPlugin", Napi::Function::New(env, load_plugin));
  exports.Set("processFigures", Napi::Function::New(env, process_figures));
  exports.Set("heapHoles", Napi::Function::New(env, heap_holes));
  exports.Set("capabilities", Napi::Function::New(env, capabilities));
  export_probes(env, exports);
  return exports;
}

}  // namespace
}  // namespace oversoak::addon

// NODE_API_MODULE pastes its arguments, so the function needs a plain name.
static Napi::Object init_oversoak_native(Napi::Env env, Napi::Object exports) {
  return oversoak::addon::init(env, exports);
}

NODE_API_MODULE(oversoak_native, init_oversoak_native)
