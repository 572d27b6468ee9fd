import sys; sys.path.insert(0,'/work/wt/preview/benchmarks')
from pathlib import Path
import sessions
for n in ('us-119','california'):
    for c,v in sessions.real(n).items(): v.save(Path(f'/tmp/preview/{n}_{c}.nc')); print(n,c,v.y.shape, {p:int((v.parties==p).sum()) for p in set(v.parties)})
p=Path('/tmp/preview/emb'); p.mkdir(exist_ok=True)
for c,v in sessions.embedded(p).items(): v.save(Path(f'/tmp/preview/embedded_{c}.nc')); print(c,v.y.shape, {p:int((v.parties==p).sum()) for p in set(v.parties)})
