from mangum import Mangum

from service.main import app

handler = Mangum(app, lifespan="off")
