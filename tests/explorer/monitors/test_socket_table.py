"""The kernel's socket table, as `proc(5)` and net/ipv4/tcp_ipv4.c have it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from explorer.monitors.socket_table import connections, is_loopback, peers

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0F02000A:9C40 070200C0:01BB 01 00000000:00000000 00:00000000 00000000 10123        0 50000 1 0000000000000000 20 4 30 10 -1
   1: 0F02000A:9C41 080200C0:01BB 01 00000000:00000000 00:00000000 00000000  1000        0 50001 1 0000000000000000 20 4 30 10 -1
   2: 0F02000A:9C42 090200C0:01BB 06 00000000:00000000 03:00000F2A 00000000     0        0     0 3 0000000000000000
   3: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 10123        0 50003 1 0000000000000000 100 0 0 10 0
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0000000000000000FFFF00000F02000A:9C43 0000000000000000FFFF00000A0200C0:20FB 02 00000000:00000000 00:00000000 00000000 10123        0 50004 1 0000000000000000 20 4 30 10 -1
   1: B80D0120000000000000000002000000:9C44 B80D0120000000000000000001000000:01BB 01 00000000:00000000 00:00000000 00000000 10123        0 50005 1 0000000000000000 20 4 30 10 -1
"""


def test_the_servers_of_one_user_are_read_from_both_tables() -> None:
    assert peers(TABLE, 10123) == {("192.0.2.7", 443), ("192.0.2.10", 8443), ("2001:db8::1", 443)}


def test_a_connection_in_its_last_wait_belongs_to_nobody() -> None:
    assert ("192.0.2.9", 443) not in peers(TABLE, 0)


def test_what_is_no_table_is_empty() -> None:
    assert peers("cat: /proc/net/tcp: Permission denied\n", 10123) == frozenset()


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(noise: str) -> None:
    assert isinstance(peers(noise, 0), frozenset)
    peers(f"   0: 0F02000A:9C40 {noise} 01 0 0 0 0 0", 0)


def test_connections_to_a_port_of_the_device_have_their_owners() -> None:
    rows = [
        "0: 0100007F:9C50 0100007F:1F90 01 00000000:00000000 00:00000000 00000000 10123 0 5 1 0 20 4 30 10 -1",
        "1: 0000000000000000FFFF00000100007F:9C51 0000000000000000FFFF00000100007F:1F90 01 0:0 0:0 0 10124 0 5 1 0",
        "2: 0100007F:1F90 0100007F:9C50 01 00000000:00000000 00:00000000 00000000 2000 0 5 1 0 20 4 30 10 -1",
        "3: 0F02000A:9C52 070200C0:1F90 01 00000000:00000000 00:00000000 00000000 10123 0 5 1 0 20 4 30 10 -1",
        "4: 0100007F:9C53 0100007F:1F90 06 00000000:00000000 00:00000000 00000000 0 0 5 1 0",
        "5: 0100007F:9C54 zz:1F90 01 00000000:00000000 00:00000000 00000000 10123 0 5 1 0",
    ]
    assert connections("\n".join(rows), 0x1F90) == {0x9C50: 10123, 0x9C51: 10124}
    assert connections("cat: /proc/net/tcp: Permission denied", 0x1F90) == {}


def test_the_device_itself_is_loopback() -> None:
    assert is_loopback("127.0.0.1") and is_loopback("::1") and not is_loopback("10.0.2.2")
