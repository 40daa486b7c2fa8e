// The experiments are about Winsock: there are none of Linux.
#include "addon/probes.h"

namespace oversoak::addon {

void export_probes(Napi::Env env, Napi::Object exports) {
  exports.Set("probeNames", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
                return Napi::Array::New(info.Env());
              }));
}

}  // namespace oversoak::addon
