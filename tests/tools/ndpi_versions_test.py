#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiles the nDPI adapter with declarations like those of each version of nDPI that weir supports.

Only one version is installed. What the others declare of the calls that weir makes is written down below, as little of it as the
adapter needs. For each version the forms of cmake/ndpi.cmake are tried as CMake tries them, the chosen ones must be the expected
ones, and the rest of the adapter must compile with them.
"""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMPILER = os.environ.get("CXX", "c++")

HEADER = """
#pragma once
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
extern "C" {{
struct ndpi_detection_module_struct;
typedef enum {{ NDPI_PROTOCOL_CATEGORY_UNSPECIFIED, NDPI_PROTOCOL_NUM_CATEGORIES }} ndpi_protocol_category_t;
typedef enum {{ NDPI_CONFIDENCE_UNKNOWN }} ndpi_confidence_t;
typedef struct {{ uint32_t protocol_id; ndpi_protocol_category_t protocol_category; }} ndpi_protocol_match_result;
struct ndpi_flow_struct {{
  uint8_t l4_proto;
  ndpi_confidence_t confidence;
  char host_server_name[80];
  union {{ struct {{ unsigned char hash[20]; }} bittorrent; }} protos;
}};
{protocol}
{bitmask}
{create}
{finalize} ndpi_finalize_initialization(struct ndpi_detection_module_struct*);
{process}
{give_up}
{done}
{count}
{address}
{memory}
void ndpi_exit_detection_module(struct ndpi_detection_module_struct*);
uint32_t ndpi_detection_get_sizeof_ndpi_flow_struct(void);
void* ndpi_flow_malloc(size_t);
void ndpi_flow_free(void*);
void ndpi_free_flow_data(struct ndpi_flow_struct*);
const char* ndpi_confidence_get_name(ndpi_confidence_t);
const char* ndpi_category_get_name(struct ndpi_detection_module_struct*, ndpi_protocol_category_t);
ndpi_protocol_category_t ndpi_get_proto_category(struct ndpi_detection_module_struct*, ndpi_protocol);
char* ndpi_get_proto_name(struct ndpi_detection_module_struct*, uint16_t);
int ndpi_match_string_subprotocol(struct ndpi_detection_module_struct*, char*, unsigned, ndpi_protocol_match_result*);
}}
"""
MODULE = "struct ndpi_detection_module_struct*"
PACKET = f"ndpi_protocol ndpi_detection_process_packet({MODULE}, struct ndpi_flow_struct*, const unsigned char*, unsigned short, uint64_t"
GIVE_UP = f"ndpi_protocol ndpi_detection_giveup({MODULE}, struct ndpi_flow_struct*"
BITMASK = f"""typedef struct {{ uint32_t bits[16]; }} NDPI_PROTOCOL_BITMASK;
#define NDPI_BITMASK_SET_ALL(mask) ((void)((mask).bits[0] = 1))
void ndpi_set_protocol_detection_bitmask2({MODULE}, const NDPI_PROTOCOL_BITMASK*);"""
FLAT = "typedef struct { uint16_t master_protocol, app_protocol; ndpi_protocol_category_t category; } ndpi_protocol;"
NESTED = """typedef struct { uint16_t master_protocol, app_protocol; } ndpi_master_app_protocol;
typedef struct { ndpi_master_app_protocol proto; uint16_t protocol_by_ip; ndpi_protocol_category_t category; } ndpi_protocol;"""
STATE = """typedef enum { NDPI_STATE_INSPECTING, NDPI_STATE_PARTIAL, NDPI_STATE_MONITORING, NDPI_STATE_CLASSIFIED } ndpi_state;
typedef struct { uint16_t master_protocol, app_protocol; } ndpi_master_app_protocol;
typedef struct { ndpi_master_app_protocol proto; ndpi_protocol_category_t category; ndpi_state state; } ndpi_protocol;"""
QUESTION = f"uint8_t ndpi_extra_dissection_possible({MODULE}, struct ndpi_flow_struct*);"
V4 = f"uint16_t ndpi_network_ptree_match({MODULE}, struct in_addr*);"

V4_2 = {
    "protocol": FLAT,
    "bitmask": BITMASK,
    "create": f"typedef uint32_t ndpi_init_prefs; enum {{ ndpi_no_prefs = 0 }}; {MODULE} ndpi_init_detection_module(ndpi_init_prefs);",
    "finalize": "void",
    "process": PACKET + ");",
    "give_up": GIVE_UP + ", uint8_t, uint8_t*);",
    "done": QUESTION,
    "count": f"unsigned ndpi_get_num_supported_protocols({MODULE});",
    "address": V4,
    "memory": "void set_ndpi_malloc(void* (*)(size_t)); void set_ndpi_free(void (*)(void*));",
}
V4_6 = V4_2 | {"process": PACKET + ", const void*);"}
V4_10 = V4_6 | {
    "create": f"struct ndpi_global_context; {MODULE} ndpi_init_detection_module(struct ndpi_global_context*);",
    "finalize": "int",
    "give_up": GIVE_UP + ", uint8_t*);",
}
V4_11 = V4_10 | {"protocol": NESTED}
V5 = V4_11 | {
    "protocol": STATE,
    "bitmask": "",
    "give_up": GIVE_UP + ");",
    "done": "",
    "count": f"unsigned ndpi_get_num_protocols({MODULE});",
    "address": V4 + f"uint16_t ndpi_network_ptree6_match({MODULE}, struct in6_addr*);",
    "memory": "void ndpi_set_memory_alloction_functions(void* (*)(size_t), void (*)(void*), void* (*)(size_t, size_t), "
              "void* (*)(void*, size_t), void* (*)(size_t, size_t), void (*)(void*), void* (*)(size_t), void (*)(void*));",
}
OLD = ["create_with_preferences", "process_5_arguments", "give_up_with_guess", "flat_protocol", "done_by_question", "count_supported",
       "address_v4", "memory_setters"]
VERSIONS = {
    "4.2, 4.4": (V4_2, OLD),
    "4.6, 4.8": (V4_6, [OLD[0], "process_6_arguments", *OLD[2:]]),
    "4.10": (V4_10, ["create_with_context", "process_6_arguments", "give_up_guessed", *OLD[3:]]),
    "4.11 to 4.14": (V4_11, ["create_with_context", "process_6_arguments", "give_up_guessed", "nested_protocol", *OLD[4:]]),
    "5.x": (V5, ["create_all_on", "process_6_arguments", "give_up", "nested_protocol", "done_by_state", "count_all", "address_v4_v6",
                 "memory_functions"]),
}


def forms():
    """The lines of NDPI_FORMS."""
    text = (ROOT / "cmake/ndpi.cmake").read_text()
    block = re.search(r"set\(NDPI_FORMS(.*?)\n\)", text, re.DOTALL).group(1)
    return [line.split() for line in re.findall(r'"([^"]+)"', block)]


def compiles(folder, source):
    command = [COMPILER, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{folder}", f"-I{ROOT}/src",
               f"{ROOT}/src/dpi/{source}.cc"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class NdpiVersions(unittest.TestCase):
    def test_each_version_has_one_form_of_each_difference(self):
        for version, (declarations, expected) in VERSIONS.items():
            with self.subTest(version=version), tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, "ndpi_api.h").write_text(HEADER.format(**declarations))
                chosen = [next((form for form in line if compiles(folder, f"ndpi/{form}").returncode == 0), None) for line in forms()]
                self.assertEqual(chosen, expected)

    def test_the_rest_of_the_adapter_compiles_with_each_version(self):
        for version, (declarations, _) in VERSIONS.items():
            with self.subTest(version=version), tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, "ndpi_api.h").write_text(HEADER.format(**declarations))
                for source in ("ndpi_classifier", "ndpi/memory_count"):
                    result = compiles(folder, source)
                    self.assertEqual(result.returncode, 0, result.stderr)

    def test_each_file_is_a_form_of_something(self):
        named = {form for line in forms() for form in line} | {"memory_count"}
        self.assertEqual({path.stem for path in (ROOT / "src/dpi/ndpi").glob("*.cc")}, named)


if __name__ == "__main__":
    unittest.main()
