"""The prefecture server (都道府県サーバ): it takes identity information of its cities and keeps it (住民基本台帳法30条の6-30条の8)."""
