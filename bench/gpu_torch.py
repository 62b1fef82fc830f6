#!/usr/bin/env python3
"""torch's side of bench/gpu: stays up and answers a line for a line.

Requests and answers are JSON objects, one a line, on standard input and output:

  {"op": "load", "layers": 12, "hidden": 768, "heads": 12, "intermediate": 3072, "vocabulary": 4096, "positions": 512}
    a BertModel of transformers with random weights in BF16 and scaled_dot_product_attention; the one before is dropped
    -> {"ok": true, "version": "torch 2.9.1, transformers 4.57.3, ..."}
  {"op": "prepare", "ids": [[...], ...]}
    compiles for texts of these token ids, all equally long, and runs them until nothing is compiled any more
    -> {"ok": true, "mode": "max-autotune"}
  {"op": "run", "seconds": 1}
    runs them again and again for so long, at least ten times
    -> {"ok": true, "device": [nanoseconds of each by CUDA events], "wall": [from ids on the host to vectors on the host]}

Whatever fails is answered by {"ok": false, "error": "..."}. The end of the input ends it. Other output is on standard
error.

The time on the device is torch's at its best: the ids are there already, and the device is kept busy until the work is
queued, so that what Python takes to queue it does not count. On a CPU, which is for trying this script out, it is the time
on the wall.
"""

import argparse
import json
import os
import sys
import time
import traceback

WARM_UP = 5
LEAST = 10
COVER_CYCLES = 2_000_000  # about a millisecond: longer than Python needs to queue a call


class Torch:
    def __init__(self, device, mode):
        import torch
        import transformers

        self.torch = torch
        self.transformers = transformers
        self.device = torch.device(device)
        self.modes = [mode] if mode else ["max-autotune", "reduce-overhead"]
        self.on_gpu = self.device.type == "cuda"
        self.encode = None
        self.compiled = None
        if self.on_gpu:
            torch.cuda.set_device(self.device)

    def version(self):
        torch = self.torch
        parts = ["torch " + torch.__version__, "transformers " + self.transformers.__version__]
        if self.on_gpu:
            parts += ["CUDA " + str(torch.version.cuda), torch.cuda.get_device_name(self.device)]
        return ", ".join(parts)

    def load(self, request):
        torch = self.torch
        config = self.transformers.BertConfig(
            num_hidden_layers=request["layers"],
            hidden_size=request["hidden"],
            num_attention_heads=request["heads"],
            intermediate_size=request["intermediate"],
            vocab_size=request["vocabulary"],
            max_position_embeddings=request["positions"],
            attn_implementation="sdpa",
        )
        torch.manual_seed(1)
        self.encode = self.compiled = None
        model = self.transformers.BertModel(config, add_pooling_layer=False)
        if model.config._attn_implementation != "sdpa":
            raise RuntimeError("attention is %s, expected sdpa" % model.config._attn_implementation)
        model = model.eval().to(self.device, torch.bfloat16)

        def encode(ids):
            # Not the model's forward: that makes a mask, which SDPA would then apply, though no token is padding.
            hidden = model.encoder(model.embeddings(input_ids=ids))[0]
            pooled = hidden.mean(dim=1, dtype=torch.float32)
            return torch.nn.functional.normalize(pooled, dim=1)

        self.encode = encode
        return {"version": self.version()}

    def prepare(self, request):
        torch = self.torch
        if self.encode is None:
            raise RuntimeError("prepare comes after load")
        lengths = {len(text) for text in request["ids"]}
        if len(lengths) != 1:
            raise RuntimeError("texts of equal length are expected, found lengths %s" % sorted(lengths))
        self.host_ids = torch.tensor(request["ids"], dtype=torch.int64)
        if self.on_gpu:
            self.host_ids = self.host_ids.pin_memory()
        self.ids = self.host_ids.to(self.device)
        failures = []
        for mode in self.modes:
            try:
                torch.compiler.reset()
                self.compiled = self.encode if mode == "eager" else torch.compile(self.encode, mode=mode, dynamic=False)
                for _ in range(WARM_UP):
                    self.call(self.ids)
                self.synchronize()
                return {"mode": mode + "".join("; " + failure for failure in failures)}
            except Exception as e:  # the next mode is told with this one's failure
                traceback.print_exc()
                failures.append("%s failed: %s" % (mode, (str(e) or type(e).__name__).splitlines()[0][:200].replace("|", "/")))
        raise RuntimeError("; ".join(failures))

    def call(self, ids):
        if self.on_gpu:
            self.torch.compiler.cudagraph_mark_step_begin()
        return self.compiled(ids)

    def synchronize(self):
        if self.on_gpu:
            self.torch.cuda.synchronize()

    def run(self, request):
        if self.compiled is None:
            raise RuntimeError("run comes after prepare")
        device, wall = [], []
        end = time.perf_counter() + request["seconds"]
        while len(wall) < LEAST or time.perf_counter() < end:
            wall.append(self.wall_nanos())
            device.append(self.device_nanos() if self.on_gpu else wall[-1])
        return {"device": device, "wall": wall}

    def wall_nanos(self):
        start = time.perf_counter_ns()
        self.call(self.host_ids.to(self.device, non_blocking=True)).cpu()
        return time.perf_counter_ns() - start

    def device_nanos(self):
        cuda = self.torch.cuda
        first, last = cuda.Event(enable_timing=True), cuda.Event(enable_timing=True)
        cuda._sleep(COVER_CYCLES)
        first.record()
        self.call(self.ids)
        last.record()
        last.synchronize()
        return first.elapsed_time(last) * 1e6


def main():
    parser = argparse.ArgumentParser(description="torch's side of bench/gpu; see the text at the top of this file")
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--mode", help="a mode of torch.compile, or eager; default max-autotune, then reduce-overhead")
    arguments = parser.parse_args()
    # Only answers may be on standard output: libraries and compilers print as they like.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    started = None
    for line in sys.stdin:
        try:
            request = json.loads(line)
            operations = ("load", "prepare", "run")
            if not isinstance(request, dict) or request.get("op") not in operations:
                raise RuntimeError("expected an op of %s, found %s" % (", ".join(operations), line.strip()[:100]))
            if started is None:
                started = Torch(arguments.device, arguments.mode)
            with started.torch.inference_mode():
                answer = dict(ok=True, **getattr(started, request["op"])(request))
        except Exception as e:
            traceback.print_exc()
            answer = {"ok": False, "error": "%s: %s" % (type(e).__name__, e)}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
